import { z } from 'zod';

const tag = z.strictObject({ key: z.string(), value: z.string() });
const count = z.int().min(0);
const account = z.string().regex(/^\d{12}$/);
const place = z.string().describe('A file of dist and a line of it.');

const position = z.strictObject({ line: z.int().min(1), column: z.int().min(1) });
const location = z.strictObject({ file: z.string(), start: position, end: position });

const cluster = z.strictObject({
  name: z.string(),
  operator: z
    .strictObject({
      kind: z.enum(['irsa', 'podIdentity']),
      role: z.string(),
      namespace: z.string(),
      serviceAccount: z.string(),
    })
    .optional()
    .describe('Absent when no file says how the operator gets its role.'),
  guard: z.strictObject({
    off: z.boolean(),
    policies: z.array(
      z.strictObject({ name: z.string(), failurePolicy: z.string(), bound: z.boolean(), file: z.string() }),
    ),
    subjects: z.array(z.strictObject({ kind: z.string(), name: z.string(), namespace: z.string() })),
  }),
});

const store = z.strictObject({
  name: z.string(),
  region: z.string(),
  sessionTags: z.array(tag),
  roles: z.array(z.string()).describe("From the operator's role to the access role."),
  statement: z
    .strictObject({
      name: z.string(),
      place,
      conditions: z.array(
        z.strictObject({ operator: z.string(), key: z.string(), values: z.array(z.string()) }),
      ),
    })
    .optional()
    .describe('The statement that allows a read.'),
  refused: z.string().optional().describe('Why the store gets no session.'),
  reads: z.array(count).describe('Indexes of the secrets that may be read.'),
});

const want = z.strictObject({
  externalSecret: z.string(),
  store: count.optional(),
  key: z.string(),
  secret: count.optional(),
  allowed: z.boolean(),
});

const reportSchema = z.strictObject({
  command: z.literal('report'),
  proven: z.boolean(),
  counts: z.record(z.string(), count),
  tagKeys: z.array(z.string()).describe('The tags that decide; the first one holds the identity.'),
  clusters: z.array(cluster),
  accounts: z.array(z.strictObject({ account, tagGuard: z.string().optional() })),
  services: z.array(
    z.strictObject({
      service: z.string(),
      cluster: z.string(),
      namespace: z.string(),
      file: z.string(),
      identities: z.array(z.string()),
      stores: z.array(store),
      wants: z.array(want),
      state: z.enum(['ok', 'blocked', 'foreign']),
    }),
  ),
  secrets: z.array(
    z.strictObject({
      name: z.string(),
      account,
      region: z.string(),
      identity: z.string(),
      tags: z.array(tag),
      kmsKey: z.string().optional(),
      place,
    }),
  ),
  findings: z.array(z.unknown()).describe('As those of every other command.'),
  attacks: z.array(
    z.strictObject({ attack: z.string(), stoppedBy: z.array(z.string()), clusters: z.array(z.string()) }),
  ),
  assumptions: z.array(z.string()),
});

const comparison = z.strictObject({
  key: z.string(),
  operator: z.string(),
  request: z.union([z.string(), z.array(z.string())]).optional(),
  wanted: z
    .array(z.string().nullable())
    .describe('What the policy wants; null for a variable without a value.'),
  written: z.array(z.string()),
  holds: z.boolean().optional().describe('Absent when AWS does not document it.'),
});

const step = z.strictObject({
  hop: z.enum(['namespace', 'store', 'operator', 'role', 'accessRole', 'policy', 'secret', 'key']),
  name: z.string(),
  verdict: z.enum(['ok', 'denied', 'skipped', 'warning']),
  notes: z.array(z.string()),
  tags: z.array(tag),
  location: location.optional(),
  statements: z.array(
    z.strictObject({
      name: z.string(),
      effect: z.enum(['Allow', 'Deny']),
      location,
      conditions: z.array(comparison),
    }),
  ),
});

const input = z.array(z.strictObject({ location, text: z.string(), what: z.string() }));
const meant = z.boolean().describe('Whether the namespace may claim the identity that owns the secret.');

const explanation = z.strictObject({
  service: z.string(),
  cluster: z.string(),
  namespace: z.string(),
  store: z.string(),
  secret: z.strictObject({ name: z.string(), account, region: z.string() }),
  allowed: z.boolean(),
  meant,
  asked: z.boolean(),
  steps: z.array(step),
  input,
});

const summary = z.strictObject({
  service: z.string(),
  cluster: z.string(),
  namespace: z.string(),
  stores: z.array(
    z.strictObject({
      name: z.string(),
      identity: z.string(),
      tags: z.array(tag),
      roles: z.array(z.string()),
      refused: z.string().optional(),
      secrets: z.array(
        z.strictObject({
          name: z.string(),
          regions: z.array(z.string()),
          allowed: z.boolean(),
          asked: z.boolean(),
          meant,
        }),
      ),
    }),
  ),
  input,
});

const secret = z.strictObject({
  name: z.string(),
  account,
  regions: z.array(z.string()),
  identity: z.string(),
  tags: z.array(tag),
  kmsKeys: z.array(z.string()),
  readers: z.array(
    z.strictObject({
      service: z.string(),
      cluster: z.string(),
      store: z.string(),
      identity: z.string(),
      allowed: z.boolean(),
      meant,
    }),
  ),
  input,
});

const explainSchema = z.strictObject({
  command: z.literal('explain'),
  explanations: z.array(explanation).optional().describe('Of a service and a secret, for each cluster.'),
  services: z.array(summary).optional().describe('Of a service, for each cluster.'),
  secrets: z.array(secret).optional().describe('Of a secret, for each account.'),
});

/** The JSON Schema (draft 2020-12) of what `report --format json` prints. */
export function reportJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(reportSchema), title: 'eso-abac report' };
}

/** The JSON Schema (draft 2020-12) of what `explain --format json` prints. */
export function explainJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(explainSchema), title: 'eso-abac explain' };
}
