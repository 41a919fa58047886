import { exactly, globsOf, type ValueTest, type ValueTests, withoutColon } from '../cases/tests.ts';
import { type CaseValue, type CaseValues, combinations } from '../cases/values.ts';
import type { CaseContext } from '../counterexample.ts';
import { conditionKey } from '../iam/keys.ts';
import type { Context, Role } from '../iam/model.ts';
import type { Glob, GlobPart } from '../witness/automaton.ts';
import { placeOf } from './sessions.ts';

/** An ARN for each way in which resources of the role's account, or of any, pass the policies' comparisons. */
export function arnValues(
  role: Role,
  service: string,
  prefix: string,
  resources: readonly ValueTest[],
  tests: ValueTests,
  context: Context,
  values: CaseValues,
  whose: 'own account' | 'any account' = 'own account',
): readonly string[] {
  const { partition, account } = placeOf(role);
  const isOwn = whose === 'own account';
  const domain: Glob = {
    parts: [
      { type: 'text', text: `arn:${partition}:${service}:` },
      { type: 'one', withoutColon: true },
      { type: 'any', withoutColon: true },
      { type: 'text', text: ':' },
      // That they are digits makes no difference to any comparison.
      ...(isOwn ? exactly(account).parts : Array<GlobPart>(12).fill({ type: 'one', withoutColon: true })),
      { type: 'text', text: `:${prefix}` },
      // Neither names of secrets nor those of keys hold colons.
      { type: 'one', withoutColon: true },
      { type: 'any', withoutColon: true },
    ],
  };
  const segments = (key: string, before: number) =>
    (tests.get(key) ?? []).flatMap((test) => globsOf(test, context).map((glob) => segmentGlob(glob, before)));
  const asked = [...segments('aws:requestedregion', 3), ...(isOwn ? [] : segments('aws:resourceaccount', 4))];
  return values.of(resources, context, asked, { domain, prefer: [exampleArn(role, service, prefix)] });
}

/** An ARN of the role's account that looks like a real one. */
export function exampleArn(role: Role, service: string, prefix: string): string {
  const { partition, account } = placeOf(role);
  const region = { 'aws-cn': 'cn-north-1', 'aws-us-gov': 'us-gov-west-1' }[partition] ?? 'us-west-2';
  return `arn:${partition}:${service}:${region}:${account}:${prefix}example-a1B2c3`;
}

/** A comparison with a segment of an ARN, as a comparison with the ARN: the one that so many others come before. */
function segmentGlob(glob: Glob, before: number): Glob {
  const any = { type: 'any', withoutColon: true } as const;
  const colon = { type: 'text', text: ':' } as const;
  const others = Array.from({ length: before }, () => [any, colon]).flat();
  return { ...glob, parts: [...others, ...glob.parts.map(withoutColon), colon, { type: 'any' as const }] };
}

/** Every context of the condition keys that depend on where and how a request is made. */
export function freeContexts(tests: ValueTests, context: Context, values: CaseValues): CaseContext[] {
  const free = [...tests].filter(([key]) => conditionKey(key)?.free);
  const lists = free.map(([, those]): CaseValue[] => [...values.of(those, context), null]);
  return [...combinations(lists)].map((chosen) =>
    Object.fromEntries(free.map(([key], index) => [key, chosen[index] ?? null])),
  );
}
