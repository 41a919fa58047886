import { z } from 'zod';
import { changeKinds } from '../diff/model.ts';
import { type DiffReport, differs, plain } from './diff.ts';
import { jsonText } from './printable.ts';

const change = z.enum(['added', 'removed', 'changed']);
const count = z.int().min(0);

const read = z.strictObject({
  cluster: z.string(),
  service: z.string(),
  account: z.string().describe('Of the secret, as its region.'),
  region: z.string(),
  secret: z.string().describe('Name of the secret in AWS Secrets Manager.'),
  without: z
    .string()
    .optional()
    .describe(
      'An action that is refused, so that the secret can be read in part only. Absent when all is allowed.',
    ),
});

const field = z.strictObject({
  path: z.string().describe('As in spec.data[secretKey=DB_USER].remoteRef.key.'),
  from: z.unknown().optional().describe('Absent when the field is new.'),
  to: z.unknown().optional().describe('Absent when the field is gone.'),
});

const object = z.strictObject({
  change,
  kind: z.string(),
  name: z.string().describe('With its namespace and "/" before it; empty for a document without a name.'),
  fields: z.array(field).describe('Only of an object that is changed.'),
});

/** What `diff --format json` prints. Keys may be added, none is taken away or changes its meaning. */
const diffSchema = z.strictObject({
  command: z.literal('diff'),
  base: z.strictObject({
    name: z.string().describe('The revision or folder that is compared with, as it was given.'),
    commit: z.string().optional().describe('Id of the commit, when it is a revision.'),
    isEmpty: z.boolean().describe('Whether there is no dist at that revision, so that everything is new.'),
  }),
  differs: z.boolean(),
  dangers: count.describe('How many of the changes somebody should look at before they are merged.'),
  files: z.strictObject({ added: count, removed: count, changed: count, unchanged: count }),
  changes: z
    .array(
      z.strictObject({
        kind: z.enum(changeKinds),
        danger: z.boolean(),
        subject: z.string().describe('The service, secret, role or cluster that it is about.'),
        text: z.string().describe('A sentence.'),
      }),
    )
    .describe('Who gains or loses what, the dangerous changes first.'),
  grants: z
    .array(read)
    .optional()
    .describe('What can be read now and could not before. Absent when it is too much to be listed.'),
  revocations: z
    .array(read)
    .optional()
    .describe('What could be read before and cannot now. Absent as grants are.'),
  work: z
    .array(z.strictObject({ when: z.enum(['before', 'after']), text: z.string() }))
    .describe('What people have to do before it is merged, and afterwards, in this order.'),
  objects: z.array(z.strictObject({ file: z.string(), change, objects: z.array(object) })),
  notes: z.array(z.string()).describe('What is to be known about the comparison itself.'),
  findings: z.array(z.unknown()).describe('Warnings about the input, as those of every other command.'),
});

/** The JSON Schema (draft 2020-12) of what `diff --format json` prints. */
export function diffJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(diffSchema), title: 'eso-abac diff' };
}

/** A comparison as one JSON document. */
export function diffJson({ base, diff, findings }: DiffReport): string {
  const { files, changes, grants, revocations, work, objects, notes } = diff;
  const document: z.infer<typeof diffSchema> = {
    command: 'diff',
    base: {
      name: base.name,
      ...(base.commit !== undefined && { commit: base.commit }),
      isEmpty: base.isEmpty,
    },
    differs: differs(diff),
    dangers: changes.filter(({ danger }) => danger).length,
    files: { ...files },
    changes: changes.map(({ kind, danger, subject, text }) => ({ kind, danger, subject, text: plain(text) })),
    ...(grants && { grants: [...grants] }),
    ...(revocations && { revocations: [...revocations] }),
    work: work.map(({ when, text }) => ({ when, text: plain(text) })),
    objects: objects.map(({ file, change: how, objects: all }) => ({
      file,
      change: how,
      objects: all.map((one) => ({ ...one, fields: one.fields.map((field) => ({ ...field })) })),
    })),
    notes: [...notes],
    findings: [...findings],
  };
  return jsonText(document);
}
