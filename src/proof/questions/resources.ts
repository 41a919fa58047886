import { exactly, globsOf, type ValueTest, type ValueTests, withoutColon } from '../cases/tests.ts';
import { type CaseValue, type CaseValues, combinations } from '../cases/values.ts';
import type { CaseContext } from '../counterexample.ts';
import { splitArn } from '../iam/arn.ts';
import { conditionKey } from '../iam/keys.ts';
import type { Context, Role, Session, Tag } from '../iam/model.ts';
import type { Glob } from '../witness/automaton.ts';
import { sessionContext } from './requests.ts';
import { tagsOf, tagValue, testedTags, withSpelling } from './sessions.ts';

/** The condition keys of a secret's tags end in the tag's key. */
export const secretTagPrefixes: readonly string[] = ['aws:resourcetag/', 'secretsmanager:resourcetag/'];

/** Values that nobody should be able to make anything of, besides those that the policies can tell apart. */
function oddValues(own: string): string[] {
  return ['', '*', '?', '$'.concat('{aws:PrincipalTag/x}'), `${own}*`, own.toUpperCase(), own.toLowerCase()];
}

/**
 * The tags that a resource may have, as far as it makes a difference: each absent, equal to the session's, or other in
 * each way that the policies can tell apart. Then one tag after the other with odd values, all the others being equal.
 */
export function* tagCases(
  session: Session,
  tagKeys: readonly string[],
  tests: ValueTests,
  prefixes: readonly string[],
  values: CaseValues,
): Generator<Tag[]> {
  const context = sessionContext(session);
  const keys = withSpelling(tagKeys, testedTags(tests, prefixes));
  const own = keys.map((key) => tagValue(session.tags, key));
  const asked = session.tags.map(({ value }) => exactly(value));
  const lists = keys.map((key): CaseValue[] => {
    const those = prefixes.flatMap((prefix) => tests.get(prefix + key.toLowerCase()) ?? []);
    return [...values.of(those, context, asked, { prefer: ['shipping'] }), null];
  });
  yield* [...combinations(lists)].map((chosen) => tagsOf(keys, chosen));
  for (const [index, key] of tagKeys.entries()) {
    for (const odd of oddValues(tagValue(session.tags, key) ?? '')) {
      yield tagsOf(
        keys,
        own.map((value, place) => (place === index ? odd : (value ?? null))),
      );
    }
  }
}

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
  const [, partition = '', , , account = ''] = splitArn(role.arn) ?? [];
  const domain: Glob = {
    parts: [
      { type: 'text', text: `arn:${partition}:${service}:` },
      { type: 'one', withoutColon: true },
      { type: 'any', withoutColon: true },
      { type: 'text', text: `:${account}:${prefix}` },
      { type: 'one' },
      { type: 'any' },
    ],
  };
  const asked = [
    ...segmentGlobs(tests.get('aws:requestedregion') ?? [], 3, context),
    ...segmentGlobs(tests.get('aws:resourceaccount') ?? [], 4, context),
  ];
  return values.of(resources, context, asked, { domain, prefer: [exampleArn(role, service, prefix)] });
}

/** An ARN of the role's account that looks like a real one. */
export function exampleArn(role: Role, service: string, prefix: string): string {
  const [, partition = '', , , account = ''] = splitArn(role.arn) ?? [];
  const region = { 'aws-cn': 'cn-north-1', 'aws-us-gov': 'us-gov-west-1' }[partition] ?? 'us-west-2';
  return `arn:${partition}:${service}:${region}:${account}:${prefix}example-a1B2c3`;
}

/** Comparisons with one segment of an ARN, as comparisons with the ARN. */
function segmentGlobs(tests: readonly ValueTest[], segment: number, context: Context): Glob[] {
  const any = { type: 'any', withoutColon: true } as const;
  const colon = { type: 'text', text: ':' } as const;
  const before = Array.from({ length: segment }, () => [any, colon]).flat();
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
