import { exactly, globsOf, type ValueTests, withoutColon } from '../cases/tests.ts';
import { type CaseValues, combinations, families } from '../cases/values.ts';
import type { CaseCaller } from '../counterexample.ts';
import { accountOf } from '../iam/arn.ts';
import { principalTag } from '../iam/keys.ts';
import type { PrincipalPattern, Role } from '../iam/model.ts';
import type { Glob } from '../witness/automaton.ts';
import { placeOf, tagsOf, testedTags } from './sessions.ts';

/** Somebody with an identity in some account. */
export type AccountCaller = CaseCaller & { readonly type: 'role' | 'user' };

/** Roles and users of any account, one for each way in which a trust policy can tell them apart. */
export function callersOf(
  role: Role,
  named: Iterable<string>,
  tests: ValueTests,
  values: CaseValues,
): AccountCaller[] {
  const { partition, account } = placeOf(role);
  const principals = role.trust.statements.flatMap((statement) => statement.principals ?? []);
  const asked = [
    ...[...named].map(exactly),
    ...principals.filter(({ type }) => type === 'arn').map(({ value }) => exactly(value)),
    ...[account, ...accountsIn(principals)].map(ofAccount),
    ...(tests.get('aws:principalaccount') ?? []).flatMap((test) =>
      globsOf(test, new Map()).map(({ parts, ignoreCase = false }) => ({
        parts: [...beforeAccount, ...parts.map(withoutColon), { type: 'text' as const, text: ':' }, anything],
        ignoreCase,
      })),
    ),
  ];
  const arnTests = tests.get('aws:principalarn') ?? [];
  const arnsOf = (kind: 'role' | 'user') =>
    values.of(arnTests, new Map(), asked, {
      domain: principalDomain(partition, kind),
      prefer: [account, otherAccount].map((one) => `arn:${partition}:iam::${one}:${kind}/another`),
    });
  const tags = callerTags(tests, values);
  return [
    ...arnsOf('role').map((arn) => ({ type: 'role' as const, arn })),
    ...arnsOf('user').map((arn) => ({ type: 'user' as const, arn })),
    ...principals.flatMap(namedSession),
  ].flatMap((caller) => tags.map((one): AccountCaller => ({ ...caller, tags: one })));
}

const otherAccount = '999999999999';
const anything = { type: 'any' } as const;
const withinSegment = { type: 'any', withoutColon: true } as const;
const beforeAccount: Glob['parts'] = [
  { type: 'text', text: 'arn:' },
  withinSegment,
  { type: 'text', text: ':iam::' },
];

function ofAccount(account: string): Glob {
  return { parts: [...beforeAccount, { type: 'text', text: `${account}:` }, anything] };
}

/** Account numbers have twelve characters. That they are digits makes no difference to any comparison. */
function principalDomain(partition: string, kind: 'role' | 'user'): Glob {
  const digit = { type: 'one', withoutColon: true } as const;
  return {
    parts: [
      { type: 'text', text: `arn:${partition}:iam::` },
      ...Array<typeof digit>(12).fill(digit),
      { type: 'text', text: `:${kind}/` },
      { type: 'one' },
      anything,
    ],
  };
}

function accountsIn(principals: readonly PrincipalPattern[]): string[] {
  return principals.flatMap(({ type, value }) => {
    if (type === 'account') return [value];
    return type === 'arn' ? (accountOf(value) ?? []) : [];
  });
}

/** A trust policy may name one session of a role. */
function namedSession({
  type,
  value,
}: PrincipalPattern): Pick<AccountCaller & { type: 'role' }, 'type' | 'arn' | 'session'>[] {
  const [, partition = '', account = '', name = ''] =
    /^arn:([^:]*):sts::([^:]*):assumed-role\/([^/]*)\//.exec(value) ?? [];
  if (type !== 'arn' || name === '') return [];
  return [{ type: 'role', arn: `arn:${partition}:iam::${account}:role/${name}`, session: value }];
}

function callerTags(tests: ValueTests, values: CaseValues) {
  const keys = testedTags(tests, [principalTag]);
  const familyOf = families(tests, []);
  const lists = keys.map((key) => {
    // Tags that are compared with each other need values that are the same, and values that differ.
    const family = familyOf(`${principalTag}${key}`);
    const copies = [...family.keys].filter((one) => one.startsWith(principalTag)).length;
    return [...values.of(family.tests, new Map(), [], { copies }), null];
  });
  return [...combinations(lists)].map((chosen) => tagsOf(keys, chosen));
}
