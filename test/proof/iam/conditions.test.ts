import { describe, expect, it } from 'vitest';
import { appliesTo } from '../../../src/proof/iam/match.ts';
import { contextOf, policyOf, readRequest, sessionPrincipal } from './support.ts';

type Values = Readonly<Record<string, string | readonly string[] | null>>;
const itself = { 'aws:PrincipalTag/team': '$'.concat('{aws:PrincipalTag/team}') };
type Case = readonly [condition: object, context: Values, applies: boolean | undefined];

const operators = 'IAM User Guide, "Condition operators"';
const variables = 'IAM User Guide, "Variables and tags"';
const several = 'IAM User Guide, "Conditions with multiple context keys or values"';
const sets = 'IAM User Guide, "Set operators for multivalued context keys"';
const role = 'arn:aws:iam::111122223333:role/eso/eso-controller';
const tag = 'aws:RequestTag/team';
const own = { StringEquals: { 'aws:ResourceTag/team': `\${aws:PrincipalTag/team}` } };
const notOwn = { StringNotEquals: { 'aws:ResourceTag/team': `\${aws:PrincipalTag/team}` } };
const orDefault = { StringEquals: { 'aws:ResourceTag/team': `\${aws:PrincipalTag/team, 'none'}` } };
const onlyTeam = { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['team', 'stage'] } };
const anyTeam = { 'ForAnyValue:StringEquals': { 'aws:TagKeys': ['team', 'stage'] } };

const cases: Readonly<Record<string, readonly Case[]>> = {
  [`values count with case, names of keys do not (${operators})`]: [
    [{ StringEquals: { [tag]: 'a' } }, { [tag]: 'a' }, true],
    [{ StringEquals: { [tag]: 'a' } }, { [tag]: 'A' }, false],
    [{ StringEquals: { 'AWS:requesttag/TEAM': 'a' } }, { [tag]: 'a' }, true],
    [{ StringEquals: { [tag]: 'a*' } }, { [tag]: 'ab' }, false],
    [{ StringEquals: { [tag]: 'a*' } }, { [tag]: 'a*' }, true],
    [{ StringEqualsIgnoreCase: { [tag]: 'a' } }, { [tag]: 'A' }, true],
    [{ StringNotEquals: { [tag]: 'a' } }, { [tag]: 'A' }, true],
    [{ StringNotEqualsIgnoreCase: { [tag]: 'a' } }, { [tag]: 'A' }, false],
  ],
  [`wildcards of StringLike (${operators})`]: [
    [{ StringLike: { [tag]: 'a*c' } }, { [tag]: 'abbc' }, true],
    [{ StringLike: { [tag]: 'a*c' } }, { [tag]: 'ac' }, true],
    [{ StringLike: { [tag]: 'a*c' } }, { [tag]: 'aBC' }, false],
    [{ StringLike: { [tag]: 'a?c' } }, { [tag]: 'ac' }, false],
    [{ StringLike: { [tag]: 'a?c' } }, { [tag]: 'a😀c' }, true],
    [{ StringLike: { [tag]: '*' } }, {}, false],
    [{ StringLike: { [tag]: '*.a.*.a' } }, { [tag]: 'x.a.b.a.c.a' }, true],
    [{ StringNotLike: { [tag]: 'a*' } }, { [tag]: 'b' }, true],
    [{ StringNotLike: { [tag]: 'a*' } }, { [tag]: 'ab' }, false],
  ],
  [`keys that are absent (${operators})`]: [
    [{ StringEquals: { [tag]: 'a' } }, {}, false],
    [{ StringNotEquals: { [tag]: 'a' } }, {}, true],
    [{ StringNotLike: { [tag]: 'a' } }, {}, true],
    [{ ArnNotLike: { 'aws:SourceArn': role } }, {}, true],
    [{ StringEqualsIfExists: { [tag]: 'a' } }, {}, true],
    [{ StringEqualsIfExists: { [tag]: 'a' } }, { [tag]: 'b' }, false],
    [{ StringNotEqualsIfExists: { [tag]: 'a' } }, { [tag]: 'a' }, false],
    [{ Null: { [tag]: 'true' } }, {}, true],
    [{ Null: { [tag]: 'false' } }, {}, false],
    [{ Null: { [tag]: false } }, { [tag]: 'a' }, true],
    [{ Null: { [tag]: ['true', 'false'] } }, {}, true],
    [{ Bool: { 'aws:PrincipalIsAWSService': 'true' } }, {}, false],
    [{ Bool: { 'aws:PrincipalIsAWSService': true } }, { 'aws:PrincipalIsAWSService': 'true' }, true],
    [{ BoolIfExists: { 'aws:PrincipalIsAWSService': 'true' } }, {}, true],
  ],
  [`ARNs are compared part by part (${operators})`]: [
    [{ ArnEquals: { 'aws:PrincipalArn': role } }, { 'aws:PrincipalArn': role }, true],
    [
      { ArnEquals: { 'aws:PrincipalArn': role.toUpperCase().replace('ARN', 'arn') } },
      { 'aws:PrincipalArn': role },
      false,
    ],
    [{ ArnEquals: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/eso/*' } }, { 'aws:PrincipalArn': role }, true],
    [{ ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam:*:role/eso/*:*' } }, { 'aws:PrincipalArn': role }, false],
    [{ ArnLike: { 'aws:PrincipalArn': 'arn:aws:*:*:*:role/*' } }, { 'aws:PrincipalArn': role }, true],
    [{ ArnLike: { 'aws:PrincipalArn': 'arn:*:*:*:*:*' } }, { 'aws:PrincipalArn': 'arn:aws:iam::1' }, false],
    [
      { ArnLike: { 'aws:SourceArn': 'arn:aws:*:1:secret:x' } },
      { 'aws:SourceArn': 'arn:aws:a:b:1:secret:x' },
      false,
    ],
    [
      { ArnLike: { 'aws:SourceArn': 'arn:aws:*:*:1:s*:x' } },
      { 'aws:SourceArn': 'arn:aws:a:b:1:secret:x' },
      true,
    ],
    [{ ArnNotEquals: { 'aws:PrincipalArn': role } }, { 'aws:PrincipalArn': role }, false],
    [{ StringLike: { 'aws:PrincipalArn': 'arn:aws:iam:*eso-*' } }, { 'aws:PrincipalArn': role }, true],
  ],
  [`variables (${variables})`]: [
    [own, { 'aws:ResourceTag/team': 'a', 'aws:PrincipalTag/Team': 'a' }, true],
    [own, { 'aws:ResourceTag/team': 'a', 'aws:PrincipalTag/team': 'b' }, false],
    [own, { 'aws:ResourceTag/team': 'a' }, false],
    [own, { 'aws:ResourceTag/team': `\${aws:PrincipalTag/team}` }, false],
    [own, { 'aws:PrincipalTag/team': 'a' }, false],
    [own, {}, false],
    [orDefault, { 'aws:ResourceTag/team': 'none' }, true],
    [orDefault, { 'aws:ResourceTag/team': 'none', 'aws:PrincipalTag/team': 'a' }, false],
    [
      { StringLike: { [tag]: `\${aws:PrincipalTag/team}` } },
      { [tag]: 'ab', 'aws:PrincipalTag/team': 'a*' },
      false,
    ],
    [
      { StringLike: { [tag]: `\${aws:PrincipalTag/team}*` } },
      { [tag]: 'a*b', 'aws:PrincipalTag/team': 'a*' },
      true,
    ],
    [{ StringLike: { [tag]: `a\${*}\${?}\${$}` } }, { [tag]: 'a*?$' }, true],
    [{ StringLike: { [tag]: `a\${*}` } }, { [tag]: 'ab' }, false],
  ],
  // The simulator differs in these two groups.
  [`negated operators hold for variables without a value (${variables}, "Policy variables with no value")`]: [
    [notOwn, { 'aws:ResourceTag/team': 'a' }, true],
    [{ StringNotLike: notOwn.StringNotEquals }, { 'aws:ResourceTag/team': 'a' }, true],
    [notOwn, { 'aws:ResourceTag/team': 'a', 'aws:PrincipalTag/team': 'a' }, false],
    [notOwn, {}, true],
  ],
  [`escapes are variables too, with string operators of any kind (${variables})`]: [
    [{ StringEquals: { [tag]: `a\${*}` } }, { [tag]: 'a*' }, true],
    [{ StringNotEquals: { [tag]: `p\${?}` } }, { [tag]: 'p?' }, false],
  ],
  [`several keys are AND, several values OR, negated NOR (${several})`]: [
    [{ StringEquals: { [tag]: ['a', 'b'] } }, { [tag]: 'b' }, true],
    [{ StringNotEquals: { [tag]: ['a', 'b'] } }, { [tag]: 'b' }, false],
    [{ StringNotEquals: { [tag]: ['a', 'b'] } }, { [tag]: 'c' }, true],
    [{ StringEquals: { [tag]: 'a', 'aws:RequestTag/stage': 'x' } }, { [tag]: 'a' }, false],
    [{ StringEquals: { [tag]: 'a' }, Null: { 'aws:RequestTag/stage': 'true' } }, { [tag]: 'a' }, true],
  ],
  [`sets (${sets})`]: [
    [onlyTeam, {}, true],
    [onlyTeam, { 'aws:TagKeys': [] }, true],
    [onlyTeam, { 'aws:TagKeys': ['team'] }, true],
    [onlyTeam, { 'aws:TagKeys': ['team', 'Team'] }, false],
    [anyTeam, {}, false],
    [anyTeam, { 'aws:TagKeys': [] }, false],
    [anyTeam, { 'aws:TagKeys': ['x', 'team'] }, true],
    [{ 'ForAllValues:StringNotEquals': { 'aws:TagKeys': 'x' } }, { 'aws:TagKeys': ['a', 'x'] }, false],
    [{ 'ForAnyValue:StringNotEquals': { 'aws:TagKeys': 'x' } }, { 'aws:TagKeys': ['a', 'x'] }, true],
    [{ 'ForAnyValue:StringNotEquals': { 'aws:TagKeys': 'x' } }, {}, false],
    [{ 'ForAllValues:StringEquals': { [tag]: 'a' } }, {}, true],
    [{ 'ForAllValues:StringEquals': { [tag]: 'a' } }, { [tag]: 'b' }, false],
    [{ 'ForAnyValue:StringLike': { [tag]: 'a*' } }, { [tag]: 'ab' }, true],
    [{ Null: { 'aws:TagKeys': 'false' } }, { 'aws:TagKeys': [] }, false],
  ],
  'what AWS does not document has no answer': [
    [{ Null: { [tag]: 'false' } }, { [tag]: '' }, undefined],
    [own, { 'aws:ResourceTag/team': '', 'aws:PrincipalTag/team': '' }, undefined],
    [own, { 'aws:ResourceTag/team': 'a', 'aws:PrincipalTag/team': '' }, false],
    [{ StringLike: { [tag]: '?*' } }, { [tag]: '' }, false],
    // Whatever an empty value is read as, it is the same on both sides; the simulator reads it as two things.
    [{ StringEqualsIfExists: itself }, { 'aws:PrincipalTag/team': '' }, true],
    [{ 'ForAllValues:StringEquals': itself }, { 'aws:PrincipalTag/team': '' }, true],
    [{ Bool: { 'aws:SecureTransport': 'true' } }, {}, undefined],
    [{ Bool: { 'aws:SecureTransport': 'true' } }, { 'aws:SecureTransport': null }, false],
    [{ Bool: { 'aws:SecureTransport': 'true' } }, { 'aws:SecureTransport': 'true' }, true],
    [{ StringEquals: { 'aws:SourceVpc': 'a', [tag]: 'x' } }, { [tag]: 'y' }, false],
  ],
};

describe.each(Object.entries(cases))('%s', (_, group) => {
  it.each(group)('%j with %j: %s', (Condition, context, applies) => {
    const [statement] = policyOf('identity', {
      Effect: 'Allow',
      Action: '*',
      Resource: '*',
      Condition,
    }).statements;
    const request = readRequest(sessionPrincipal('eso'), contextOf(context));
    expect(statement && appliesTo(statement, request)).toBe(applies);
  });
});
