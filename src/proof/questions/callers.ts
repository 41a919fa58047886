import { exactly, globsOf, type ValueTests, withoutColon } from '../cases/tests.ts';
import { type CaseValues, combinations, families } from '../cases/values.ts';
import type { CaseCaller } from '../counterexample.ts';
import { accountOf } from '../iam/arn.ts';
import { principalTag } from '../iam/keys.ts';
import type { PrincipalPattern, Role, Tag } from '../iam/model.ts';
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
  const principals = role.trust.statements.flatMap((statement) => statement.principals ?? []);
  const arnsOf = (kind: keyof typeof places) => principalArns(kind, role, named, tests, values);
  const tags = callerTags(tests, values);
  return [
    ...arnsOf('role').map((arn) => ({ type: 'role' as const, arn })),
    ...arnsOf('user').map((arn) => ({ type: 'user' as const, arn })),
    ...principals.flatMap(namedSession),
  ].flatMap((caller) => tags.map((one): AccountCaller => ({ ...caller, tags: one })));
}

/** Somebody with rights in some account, and what aws:PrincipalType calls them. */
export interface Identity {
  readonly type: 'AssumedRole' | 'User' | 'FederatedUser' | 'Account';
  readonly arn: string;
  readonly tags: readonly Tag[];
}

/**
 * Everybody of any account, one for each way in which policies can tell them apart. Beside roles and users there are those
 * who assume no roles: the sessions that users get for others (sts:GetFederationToken), and root users.
 *
 * Source: IAM User Guide, "AWS global condition context keys", on aws:PrincipalArn and aws:PrincipalType.
 */
export function identitiesOf(
  role: Role,
  named: Iterable<string>,
  tests: ValueTests,
  values: CaseValues,
): Identity[] {
  const tags = callerTags(tests, values);
  const identities = (kind: keyof typeof places, type: Identity['type'], tags: readonly (readonly Tag[])[]) =>
    principalArns(kind, role, named, tests, values).flatMap((arn) =>
      tags.map((one): Identity => ({ type, arn, tags: one })),
    );
  return [
    ...identities('role', 'AssumedRole', tags),
    ...identities('user', 'User', tags),
    ...identities('federated-user', 'FederatedUser', tags),
    ...identities('root', 'Account', [[]]),
  ];
}

/** In ARNs of principals, what stands before the account, and whether they have names of their own. */
const places = {
  role: { service: 'iam', hasName: true },
  user: { service: 'iam', hasName: true },
  'federated-user': { service: 'sts', hasName: true },
  root: { service: 'iam', hasName: false },
} as const;

function principalArns(
  kind: keyof typeof places,
  role: Role,
  named: Iterable<string>,
  tests: ValueTests,
  values: CaseValues,
): readonly string[] {
  const { partition, account } = placeOf(role);
  const { service, hasName } = places[kind];
  const principals = role.trust.statements.flatMap((statement) => statement.principals ?? []);
  const before: Glob['parts'] = [text('arn:'), withinSegment, text(`:${service}::`)];
  const asked = [
    ...[...named].map(exactly),
    ...principals.filter(({ type }) => type === 'arn').map(({ value }) => exactly(value)),
    ...[account, ...accountsIn(principals)].map((one) => ({ parts: [...before, text(`${one}:`), anything] })),
    ...(tests.get('aws:principalaccount') ?? []).flatMap((test) =>
      globsOf(test, new Map()).map(({ parts, ignoreCase = false }) => ({
        parts: [...before, ...parts.map(withoutColon), text(':'), anything],
        ignoreCase,
      })),
    ),
  ];
  const name = hasName ? '/another' : '';
  return values.of(tests.get('aws:principalarn') ?? [], new Map(), asked, {
    domain: principalDomain(partition, kind),
    prefer: [account, otherAccount].map((one) => `arn:${partition}:${service}::${one}:${kind}${name}`),
  });
}

const otherAccount = '999999999999';
const anything = { type: 'any' } as const;
const withinSegment = { type: 'any', withoutColon: true } as const;
const text = (value: string) => ({ type: 'text' as const, text: value });

/** Account numbers have twelve characters. That they are digits makes no difference to any comparison. */
function principalDomain(partition: string, kind: keyof typeof places): Glob {
  const digit = { type: 'one', withoutColon: true } as const;
  const { service, hasName } = places[kind];
  return {
    parts: [
      text(`arn:${partition}:${service}::`),
      ...Array<typeof digit>(12).fill(digit),
      text(`:${kind}`),
      ...(hasName ? [text('/'), { type: 'one' } as const, anything] : []),
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
