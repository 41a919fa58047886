import { describe, expect, it } from 'vitest';
import { proveDocuments } from '../../src/proof/prove/documents.ts';
import { document, own, prove, right, role, trusts, when } from './told.ts';

/** Conditions under which a role that is named lets every role of its account in, but for one more condition. */
const byAccount = (more: object = {}, effect: object = {}) =>
  trusts({ ...right, ...more }, { Principal: { AWS: '123456789012' }, ...effect });
const messages = (documents: { policy?: unknown; trust?: unknown }, question: object = {}) =>
  prove(documents, question).findings.map(({ message }) => message);
const another = `${role}/another can assume ${role}/access-role with team=payments`;

describe('a document that is no JSON', () => {
  it('is a finding, and the other one is judged', () => {
    const broken = { file: 'policy.json', text: '{' };
    const trust = { file: 'trust.json', text: JSON.stringify(trusts({ ...right, StringLike: {} })) };
    const { findings, cases } = proveDocuments({
      policy: broken,
      trust,
      tagKeys: ['team'],
      pinned: new Map(),
    });
    expect(findings.map(({ message, location }) => `${location?.file}: ${message}`)).toEqual([
      'policy.json: not JSON: the text ends too early',
      `trust.json: ${role}/eso can assume ${role}/access-role with team=""`,
    ]);
    expect(cases).toBeGreaterThan(0);
  });

  it('or none at all is no case', () => {
    expect(proveDocuments({ tagKeys: ['team'], pinned: new Map() })).toEqual({ findings: [], cases: 0 });
  });

  it('but a text that holds one is one, percent-encoded or not', () => {
    const inText = (text: string) => messages({ policy: { PolicyDocument: text } });
    const text = JSON.stringify(document(own));
    expect(inText(text)).toEqual([]);
    expect(inText(encodeURIComponent(text))).toEqual([]);
    expect(inText(JSON.stringify(document({ ...own, Condition: {} })))).toHaveLength(1);
    // A percent sign in a document that is not encoded stands for itself.
    const named = JSON.stringify(document({ ...own, Sid: 'a%41' }));
    expect(inText(named)).toEqual(['"Sid" is "a%41"']);
  });

  it('in which something is wrong is told where the text stands', () => {
    const text = JSON.stringify(document(own, { Effect: 'Allow' }));
    const { findings } = prove({ policy: { PolicyVersion: { Document: text } } });
    expect(new Set(findings.map(({ location }) => location?.start.column))).toEqual(new Set([30]));
    const judged = prove({
      policy: { PolicyVersion: { Document: JSON.stringify(document(when('StringLike', 'x'))) } },
    });
    expect(judged.findings.map(({ location }) => location?.start.column)).toEqual([30]);
  });
});

describe('the callers that a trust policy names', () => {
  const named = (operator: string, ...arns: readonly string[]) =>
    byAccount({ [operator]: { 'aws:PrincipalArn': arns } });
  const eso = `${role}/eso`;

  it.each<readonly [what: string, trust: object, found: readonly string[]]>([
    ['the principal', trusts(right), []],
    ['roles in a condition', named('ArnEquals', eso, `${role}/path/eso`), []],
    ['whichever operator compares them', named('ArnLike', eso), []],
    ['not a pattern', named('ArnLike', `${role}/e?o`), [another.replace('another', 'e?o')]],
    ['not what is excluded', named('StringNotEquals', `${role}/x`), [another]],
    [
      'not users',
      named('ArnEquals', 'arn:aws:iam::123456789012:user/eso'),
      [another.replace('role/another', 'user/eso')],
    ],
    ['not the name of a session', byAccount({ StringEquals: { 'aws:PrincipalTag/x': eso } }), [another]],
    ['not the account', byAccount(), [another]],
  ])('are %s', (_, trust, found) => {
    expect(
      messages({ trust })
        .slice(0, 1)
        .map((one) => one.replace(/role\/e.o can/, 'role/e?o can')),
    ).toEqual(found);
  });

  it('are not those whom a Deny names', () => {
    const [allowing] = trusts(right).Statement;
    const denies = { Sid: 'Deny', Effect: 'Deny', Principal: { AWS: `${role}/x` }, Action: 'sts:*' };
    expect(messages({ trust: document(allowing, denies) })).toEqual([]);
    const [open] = byAccount().Statement as object[];
    const denied = { ...denies, Principal: '*', Condition: { ArnEquals: { 'aws:PrincipalArn': eso } } };
    expect(messages({ trust: document(open, denied) })).toContain(another);
  });

  it('each pass the values that are given', () => {
    const question = { tagKeys: ['team', 'env'], pinned: new Map([['ENV', 'prod']]) };
    const pinned = (env: string) =>
      trusts({
        StringLike: { 'aws:RequestTag/team': '?*' },
        StringEquals: { 'aws:RequestTag/env': env },
        'ForAllValues:StringEquals': { 'aws:TagKeys': ['team', 'env'] },
        Null: { 'aws:TagKeys': 'false' },
      });
    expect(messages({ trust: pinned('prod') }, question)).toEqual([]);
    expect(messages({ trust: pinned('test') }, question)).toHaveLength(2);
  });
});

describe('the role that documents are of', () => {
  const roleIn = (documents: { policy?: unknown; trust?: unknown }) =>
    / can assume (arn:\S+) /.exec(messages(documents).join('\n'))?.[1];

  it.each<readonly [what: string, documents: { policy?: object; trust?: object }, found: string]>([
    [
      'is in the account of the principal',
      { trust: trusts({}, { Principal: { AWS: '444455556666' } }) },
      'arn:aws:iam::444455556666:role/access-role',
    ],
    [
      'is in that of the role that is named',
      { trust: trusts({}, { Principal: { AWS: 'arn:aws-cn:iam::444455556666:role/a' } }) },
      'arn:aws-cn:iam::444455556666:role/access-role',
    ],
    [
      'is in that of a role in a condition',
      {
        trust: trusts(
          { ArnEquals: { 'aws:PrincipalArn': 'arn:aws:iam::444455556666:role/a' } },
          { Principal: '*' },
        ),
      },
      'arn:aws:iam::444455556666:role/access-role',
    ],
    [
      'is in that of the trust policy rather than of a secret',
      {
        trust: trusts({}, { Principal: { AWS: '444455556666' } }),
        policy: document({ ...own, Resource: 'arn:aws:secretsmanager:us-west-2:111122223333:secret:*' }),
      },
      'arn:aws:iam::444455556666:role/access-role',
    ],
    [
      'is in any account where nothing says',
      { trust: trusts({}, { Principal: '*' }) },
      'arn:aws:iam::123456789012:role/access-role',
    ],
    [
      'is the one that is printed',
      { trust: { Role: { Arn: 'arn:aws:iam::1:role/r', AssumeRolePolicyDocument: trusts({}) } } },
      'arn:aws:iam::1:role/r',
    ],
  ])('%s', (_, documents, found) => {
    expect(roleIn(documents)).toBe(found);
  });

  it('reads secrets of the account that its policy names', () => {
    const Resource = [
      '*',
      'arn:aws:secretsmanager:us-west-2:4444555566667:secret:*',
      'arn:aws:secretsmanager:*:*:secret:*',
      'arn:aws:secretsmanager:us-west-2:111122223333:secret:*',
    ];
    const [message] = messages({ policy: document({ ...own, Resource, Condition: {} }) });
    expect(message).toContain(':111122223333:secret:');
  });
});
