import { z } from 'zod';
import type { Counterexample } from '../counterexample.ts';

const texts = z.array(z.string());
const tags = z.array(z.object({ key: z.string(), value: z.string() }));
const context = z.record(z.string(), z.union([z.string(), texts, z.null()]));
const expected = z.enum(['allowed', 'denied']);
const mapping = z.record(z.string(), z.unknown());

const way = z.object({
  cluster: z.string(),
  controllerRole: z.string(),
  roleChain: texts,
  externalId: z.string().optional(),
  transitiveTagKeys: texts.optional(),
});

const readCase = z.object({
  question: z.literal('read'),
  expected,
  role: z.string(),
  sessionTags: tags,
  way: way.optional(),
  action: z.string(),
  resource: z.object({ arn: z.string(), tags }),
  secret: z.string().optional(),
  context,
});

const caller = z.discriminatedUnion('type', [
  z.object({
    type: z.enum(['role', 'user']),
    arn: z.string(),
    session: z.string().optional(),
    tags,
  }),
  z.object({
    type: z.literal('webIdentity'),
    provider: z.string(),
    subject: z.string(),
    audience: z.string(),
  }),
  z.object({ type: z.literal('podIdentity'), clusterArn: z.string() }),
]);

const assumeCase = z.object({
  question: z.literal('assume'),
  expected,
  role: z.string(),
  caller,
  sessionTags: tags,
  transitiveTagKeys: texts,
  externalId: z.string().optional(),
  sessionName: z.string().optional(),
  context,
});

const request = z.object({
  operation: z.enum(['CREATE', 'UPDATE', 'DELETE']),
  group: z.string(),
  version: z.string(),
  kind: z.string(),
  resource: z.string(),
  subresource: z.string(),
  name: z.string(),
  namespace: z.string(),
  object: mapping.nullable(),
  oldObject: mapping.nullable(),
  namespaceObject: mapping.nullable(),
  user: z.object({ username: z.string(), groups: texts, isAdministrator: z.boolean().optional() }),
  dryRun: z.boolean(),
});

const admissionCase = z.object({
  question: z.literal('admission'),
  expected,
  cluster: z.string(),
  request,
});

const counterexample = z.discriminatedUnion('question', [readCase, assumeCase, admissionCase]);

/** Finds the counterexamples in JSON: one alone, a list, or a report of `prove --format json`. */
export function counterexamplesIn(json: unknown): Counterexample[] {
  if (Array.isArray(json)) return json.flatMap(counterexamplesIn);
  if (typeof json !== 'object' || json === null) return [];
  if (isCounterexample(json)) return [json];
  const { findings, counterexample: inside } = json as { findings?: unknown; counterexample?: unknown };
  return counterexamplesIn(findings ?? inside ?? null);
}

function isCounterexample(json: object): json is Counterexample {
  return counterexample.safeParse(json).success;
}
