import fc from 'fast-check';
import type { TrustRole } from './trust.ts';

const controllers = ['prod', 'staging'].map((name) => `arn:aws:iam::123456789012:role/eso-${name}`);

/** What random trust policies should say: two controllers, an environment that each of them is pinned to, or none. */
export const trustQuestions: readonly Omit<TrustRole, 'trust'>[] = [
  {
    arn: 'arn:aws:iam::123456789012:role/reader',
    tagKeys: ['ekssecret'],
    callers: new Map(controllers.map((arn) => [arn, new Map()])),
  },
  {
    arn: 'arn:aws:iam::123456789012:role/reader',
    tagKeys: ['ekssecret', 'environment'],
    callers: new Map(
      controllers.map((arn, index) => [
        arn,
        new Map([['environment', new Set([index === 0 ? 'prod' : 'staging'])]]),
      ]),
    ),
    externalIds: ['platform'],
  },
];

type Entry = readonly [operator: string, key: string, values: string | readonly string[]];

/** Conditions of a right policy come in one go; others are added to them, or stand in their place. */
function rightEntries(question: Omit<TrustRole, 'trust'>, arn: string): Entry[] {
  const pinned = [...(question.callers.get(arn) ?? [])];
  const free = question.tagKeys.filter((key) => !pinned.some(([other]) => other === key));
  return [
    ['ArnEquals', 'aws:PrincipalArn', arn],
    ...free.map((key): Entry => ['StringLike', `aws:RequestTag/${key}`, '?*']),
    ...pinned.map(([key, values]): Entry => ['StringEquals', `aws:RequestTag/${key}`, [...values]]),
    ['ForAllValues:StringEquals', 'aws:TagKeys', question.tagKeys],
    ['Null', 'aws:TagKeys', 'false'],
  ];
}

const otherEntry: fc.Arbitrary<Entry> = fc.constantFrom<Entry>(
  ['ArnLike', 'aws:PrincipalArn', 'arn:aws:iam::123456789012:role/eso-*'],
  ['ArnLike', 'aws:PrincipalArn', 'arn:aws:iam::*:role/eso-prod'],
  ['StringEquals', 'aws:PrincipalArn', controllers],
  ['ArnNotEquals', 'aws:PrincipalArn', 'arn:aws:iam::123456789012:role/eso-prod'],
  ['StringEquals', 'aws:PrincipalAccount', '123456789012'],
  ['StringLike', 'aws:RequestTag/ekssecret', '*'],
  ['StringLikeIfExists', 'aws:RequestTag/ekssecret', '?*'],
  ['StringEquals', 'aws:requesttag/EksSecret', ['svc', 'Svc']],
  ['StringNotEquals', 'aws:RequestTag/environment', 'prod'],
  ['StringEqualsIgnoreCase', 'aws:RequestTag/environment', 'prod'],
  ['Null', 'aws:RequestTag/ekssecret', 'false'],
  ['Null', 'aws:RequestTag/environment', 'true'],
  ['ForAllValues:StringLike', 'aws:TagKeys', 'e*'],
  ['ForAnyValue:StringEquals', 'aws:TagKeys', 'ekssecret'],
  ['ForAllValues:StringEquals', 'aws:TagKeys', ['ekssecret', 'team']],
  ['ForAllValues:StringEquals', 'sts:TransitiveTagKeys', 'ekssecret'],
  ['StringEquals', 'sts:ExternalId', 'platform'],
  ['StringNotEquals', 'sts:ExternalId', 'platform'],
  ['StringLike', 'sts:RoleSessionName', 'eso-*'],
  ['Bool', 'aws:SecureTransport', 'true'],
);

function conditions(question: Omit<TrustRole, 'trust'>): fc.Arbitrary<object> {
  const dropped = fc.option(fc.nat({ max: 5 }), { nil: undefined });
  const right = fc
    .tuple(fc.constantFrom(...question.callers.keys()), dropped)
    .map(([arn, drop]) => rightEntries(question, arn).filter((_, index) => index !== drop));
  const others = fc.array(otherEntry, { maxLength: 2 });
  return fc
    .oneof({ arbitrary: right, weight: 3 }, { arbitrary: fc.constant<Entry[]>([]), weight: 1 })
    .chain((some) => others.map((more) => blockOf([...more, ...some])));
}

/** Where an operator and key come twice, the latter stands. */
function blockOf(entries: readonly Entry[]): object {
  const block: Record<string, Record<string, string | readonly string[]>> = {};
  for (const [operator, key, values] of entries) {
    const same = Object.keys(block[operator] ?? {}).find(
      (other) => other.toLowerCase() === key.toLowerCase(),
    );
    block[operator] = { ...block[operator], [same ?? key]: values };
  }
  return block;
}

const principals = fc.constantFrom(
  'arn:aws:iam::123456789012:root',
  'arn:aws:iam::123456789012:root',
  '123456789012',
  controllers,
  '*',
  'arn:aws:iam::999999999999:root',
);

const allowed = fc.constantFrom(
  ['sts:AssumeRole', 'sts:TagSession'],
  ['sts:AssumeRole', 'sts:TagSession'],
  ['sts:AssumeRole'],
  ['sts:TagSession'],
  ['sts:*'],
);

function idStatements({ externalIds }: Omit<TrustRole, 'trust'>): object[] {
  if (externalIds === undefined) return [];
  const Condition = { StringNotEquals: { 'sts:ExternalId': externalIds } };
  return [{ Effect: 'Deny', Principal: { AWS: '*' }, Action: 'sts:AssumeRole', Condition }];
}

/** The trust policy that all others are compared with: a statement for each caller. */
export function rightTrustPolicy(question: Omit<TrustRole, 'trust'>): object {
  const allows = [...question.callers.keys()].map((arn) => ({
    Effect: 'Allow',
    Principal: { AWS: '123456789012' },
    Action: ['sts:AssumeRole', 'sts:TagSession'],
    Condition: blockOf(rightEntries(question, arn)),
  }));
  return { Version: '2012-10-17', Statement: [...allows, ...idStatements(question)] };
}

/** Trust policies, right ones and wrong ones. */
export function trustPolicies(question: Omit<TrustRole, 'trust'>): fc.Arbitrary<object> {
  const allow = fc
    .tuple(principals, allowed, conditions(question))
    .map(([AWS, Action, Condition]) => ({ Effect: 'Allow', Principal: { AWS }, Action, Condition }));
  const deny = fc.tuple(otherEntry, allowed).map(([entry, Action]) => ({
    Effect: 'Deny',
    Principal: { AWS: '*' },
    Action,
    Condition: blockOf([entry]),
  }));
  const fixed = fc.constant(idStatements(question));
  return fc
    .tuple(
      fc.array(allow, { minLength: 1, maxLength: 2 }),
      fc.array(deny, { maxLength: 1 }),
      fc.oneof({ arbitrary: fixed, weight: 3 }, { arbitrary: fc.constant([]), weight: 1 }),
    )
    .map((lists) => ({ Version: '2012-10-17', Statement: lists.flat() }));
}
