import { z } from 'zod';
import { type RuleName, rules } from '../findings/rules.ts';

const count = z.int().min(0);
const position = z.strictObject({
  line: z.int().min(1),
  column: z.int().min(1).describe('In UTF-16 code units.'),
});

const finding = z.strictObject({
  rule: z.enum(Object.keys(rules) as RuleName[]).describe('docs/checks.md says what each is about.'),
  severity: z.enum(['error', 'warning']),
  message: z.string().describe('What is wrong.'),
  allowed: z.string().optional().describe('What would be right.'),
  nearest: z.string().optional().describe('The closest valid spelling.'),
  location: z
    .strictObject({ file: z.string(), start: position, end: position.describe('Behind the last column.') })
    .optional()
    .describe('Absent when it is about a whole file or folder, which the message names.'),
  counterexample: z
    .looseObject({ question: z.string(), expected: z.enum(['allowed', 'denied']) })
    .optional()
    .describe('A request that shows it, for prove --replay.'),
});

const shard = z
  .string()
  .regex(/^\d+\/\d+$/)
  .optional()
  .describe('With --shard.');

const findings = z.array(finding).describe('By file, line and column; those without a place come last.');

const proof = z.strictObject({
  tenants: count,
  secrets: count,
  pairs: count.describe('Tenants times secrets; each is allowed or denied.'),
  allowed: count,
  denied: count,
  cases: count.describe('Requests that could exist and were decided.'),
  forgeries: count.describe('Requests to the API servers that were decided by their admission policies.'),
});

/** Absent where the input has errors, for then nothing is compiled. */
const compiled = {
  clusters: count.optional(),
  services: count.optional(),
  objects: count.optional(),
  proof: proof.optional(),
};

const findingsSchema = z.union([
  z.strictObject({
    command: z.literal('synth'),
    shard,
    written: count,
    removed: count,
    unchanged: count,
    ...compiled,
    findings,
  }),
  z.strictObject({
    command: z.literal('check'),
    shard,
    upToDate: z.boolean().optional(),
    ...compiled,
    findings,
  }),
  z.strictObject({
    command: z.literal('merge'),
    shards: count,
    written: count,
    removed: count,
    unchanged: count,
    proof: proof.optional(),
    findings,
  }),
  z.strictObject({
    command: z.literal('prove'),
    proven: z.boolean(),
    ...proof.partial().shape,
    attacks: z.array(
      z.strictObject({ attack: z.string(), stoppedBy: z.array(z.string()), clusters: z.array(z.string()) }),
    ),
    assumptions: z.array(z.string()).describe('What was taken for granted.'),
    findings,
  }),
  z
    .strictObject({
      command: z.literal('prove'),
      replays: z.array(
        z.strictObject({
          steps: z.array(z.string()).describe('Each step, and what allowed or denied it.'),
          outcome: z.enum(['allowed', 'denied', 'not documented', 'not judged']),
          expected: z.enum(['allowed', 'denied']),
        }),
      ),
    })
    .describe('With --replay.'),
  z.strictObject({ command: z.literal('validate'), files: count, objects: count, findings }),
  z
    .strictObject({ command: z.literal('diff'), findings })
    .describe('An input with errors: nothing is compared.'),
  z.strictObject({
    command: z.literal('init'),
    files: z.record(z.string(), z.enum(['wrote', 'added to', 'kept'])),
    findings,
  }),
  z.strictObject({ command: z.literal('aws tag-commands'), commands: z.array(z.string()), findings }),
]);

/**
 * The JSON Schema (draft 2020-12) of what `--format json` prints of every command that reports findings. Keys may be
 * added, none is taken away or changes its meaning.
 */
export function findingsJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(findingsSchema), title: 'eso-abac findings' };
}
