import { globsOf, type ValueTest, type ValueTests, withoutColon } from '../cases/tests.ts';
import { type CaseValue, type CaseValues, combinations } from '../cases/values.ts';
import type { CaseContext } from '../counterexample.ts';
import { conditionKey } from '../iam/keys.ts';
import type { Context, Role } from '../iam/model.ts';
import type { Glob } from '../witness/automaton.ts';
import { placeOf } from './sessions.ts';

/** An ARN for each way in which resources of the role's account pass the policies' comparisons. */
export function arnValues(
  role: Role,
  service: string,
  prefix: string,
  resources: readonly ValueTest[],
  tests: ValueTests,
  context: Context,
  values: CaseValues,
): readonly string[] {
  const { partition, account } = placeOf(role);
  const domain: Glob = {
    parts: [
      { type: 'text', text: `arn:${partition}:${service}:` },
      { type: 'one', withoutColon: true },
      { type: 'any', withoutColon: true },
      { type: 'text', text: `:${account}:${prefix}` },
      // Neither names of secrets nor those of keys hold colons.
      { type: 'one', withoutColon: true },
      { type: 'any', withoutColon: true },
    ],
  };
  // The account is that of the role for all of them.
  const asked = regionGlobs(tests.get('aws:requestedregion') ?? [], context);
  return values.of(resources, context, asked, { domain, prefer: [exampleArn(role, service, prefix)] });
}

/** An ARN of the role's account that looks like a real one. */
export function exampleArn(role: Role, service: string, prefix: string): string {
  const { partition, account } = placeOf(role);
  const region = { 'aws-cn': 'cn-north-1', 'aws-us-gov': 'us-gov-west-1' }[partition] ?? 'us-west-2';
  return `arn:${partition}:${service}:${region}:${account}:${prefix}example-a1B2c3`;
}

/** Comparisons with the region of an ARN, as comparisons with the ARN. */
function regionGlobs(tests: readonly ValueTest[], context: Context): Glob[] {
  const any = { type: 'any', withoutColon: true } as const;
  const colon = { type: 'text', text: ':' } as const;
  const before = [any, colon, any, colon, any, colon];
  return tests.flatMap((test) =>
    globsOf(test, context).map((glob) => ({
      ...glob,
      parts: [...before, ...glob.parts.map(withoutColon), colon, { type: 'any' as const }],
    })),
  );
}

/** Every context of the condition keys that depend on where and how a request is made. */
export function freeContexts(tests: ValueTests, context: Context, values: CaseValues): CaseContext[] {
  const free = [...tests].filter(([key]) => conditionKey(key)?.free);
  const lists = free.map(([, those]): CaseValue[] => [...values.of(those, context), null]);
  return [...combinations(lists)].map((chosen) =>
    Object.fromEntries(free.map(([key], index) => [key, chosen[index] ?? null])),
  );
}
