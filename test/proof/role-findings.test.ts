import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/findings/finding.ts';
import {
  judgeAccessRole,
  judgeController,
  judgeHop,
  judgeTrust,
} from '../../src/proof/prove/role-findings.ts';
import type { StatementData } from './iam/support.ts';
import { account, allow, assumes, distRole, placeIn, roleArn, tagsOf, trust } from './small-dist.ts';
import { own } from './small-fleet.ts';

const place = placeIn('here.json');
const told = (findings: readonly Finding[]) =>
  findings.map(({ rule, severity, message, allowed, location }) => {
    expect(severity).toBe('error');
    return [rule, message, allowed, location?.file];
  });
const wide = (action: string, allowed: string, file: string) => [
  'wide-permission',
  `the role may do "${action}"`,
  allowed,
  file,
];
const wholeText = 'StringEquals of two tags, with a variable that is the whole text';
const variable = '$'.concat('{aws:PrincipalTag/x}');
const asPattern = (file: string) => [
  'policy-unknown',
  `"${variable}" is compared as a pattern: what a "*" in the variable's value does then is not documented`,
  wholeText,
  file,
];

describe('a role on the way', () => {
  const hop = (...may: readonly StatementData[]) => {
    const all = ['hop', 'access', 'other'].map((name) => roleArn(name));
    const { findings, cases } = judgeHop(distRole(roleArn('hop'), may), new Set(all));
    expect(cases).toBe(0);
    return told(findings);
  };
  const on = (text: string) => [
    'wide-permission',
    `the role may do so on "${text}"`,
    'ARNs of roles in dist',
    'identity.json',
  ];

  it.each<readonly [what: string, found: () => readonly unknown[], expected: readonly unknown[]]>([
    [
      'assumes other roles of dist',
      () => hop(allow(assumes, { Resource: [roleArn('access'), roleArn('other')] })),
      [],
    ],
    [
      'does nothing else',
      () => hop(allow([...assumes, 's3:GetObject'], { Resource: roleArn('access') })),
      [wide('s3:GetObject', 'sts:AssumeRole, sts:TagSession', 'identity.json')],
    ],
    [
      'does not assume itself',
      () => hop(allow(assumes, { Resource: [roleArn('hop'), roleArn('access')] })),
      [on(roleArn('hop'))],
    ],
    [
      'assumes no role that dist does not have',
      () => hop(allow(assumes, { Resource: ['*', roleArn('x')] })),
      [on('*'), on(roleArn('x'))],
    ],
    ['may be denied anything', () => hop({ ...allow('s3:*'), Effect: 'Deny' }), []],
  ])('%s', (_, found, expected) => {
    expect(found()).toEqual(expected);
  });
});

describe("the operator's role", () => {
  const clusterArn = `arn:aws:eks:us-west-2:${account}:cluster/one`;
  const condition = {
    StringEquals: { 'aws:SourceAccount': account },
    ArnEquals: { 'aws:SourceArn': clusterArn },
  };
  const pods = (more: StatementData = {}) =>
    trust({ Service: 'pods.eks.amazonaws.com' }, { Action: assumes, Condition: condition, ...more });
  const judged = (...trusts: readonly StatementData[]) => {
    const { role } = distRole(roleArn('operator'), [], trusts);
    return judgeController({ role, subjects: [], podClusters: [clusterArn] }, place);
  };

  it.each<readonly [what: string, trusts: readonly StatementData[], expected: readonly unknown[]]>([
    ['goes to its pods', [pods()], []],
    [
      'goes to no other service',
      [pods({ Principal: { Service: ['pods.eks.amazonaws.com', 'ec2.amazonaws.com'] } })],
      [
        [
          'proof-trust',
          `the service ec2.amazonaws.com can assume ${roleArn('operator')}`,
          'pods.eks.amazonaws.com, or the identity provider of a cluster',
          'trust.json',
        ],
      ],
    ],
    [
      'is assumed with no further action',
      [pods({ Action: [...assumes, 'sts:AssumeRoleWithWebIdentity', 'sts:SetSourceIdentity'] })],
      [
        wide(
          'sts:SetSourceIdentity',
          'sts:AssumeRole, sts:TagSession, sts:AssumeRoleWithWebIdentity',
          'trust.json',
        ),
      ],
    ],
    [
      'is not compared with what cannot be looked at',
      [pods(), pods({ Effect: 'Deny', Condition: { StringLike: { 'aws:SourceAccount': variable } } })],
      [asPattern('trust.json')],
    ],
    [
      'goes to somebody',
      [pods({ Effect: 'Deny' })],
      [
        [
          'proof-denied',
          `nobody can assume ${roleArn('operator')}, EKS Pod Identity for ${clusterArn} with no tags neither`,
          'an Allow for the callers, of sts:AssumeRole and with tags sts:TagSession',
          'trust.json',
        ],
      ],
    ],
  ])('%s', (_, trusts, expected) => {
    const { findings, cases } = judged(...trusts);
    expect(told(findings)).toEqual(expected);
    expect(cases).toBeGreaterThan(0);
  });
});

describe('an access role', () => {
  const right = {
    StringLike: { 'aws:RequestTag/id': '?*', 'aws:RequestTag/env': '?*' },
    'ForAllValues:StringEquals': { 'aws:TagKeys': ['id', 'env'] },
    Null: { 'aws:TagKeys': 'false' },
  };
  const callers = new Map([[roleArn('operator'), new Map()]]);
  const letsIn = (more: StatementData = {}) =>
    trust({ AWS: roleArn('operator') }, { Action: assumes, Condition: right, ...more });
  const question = (
    may: readonly StatementData[],
    trusts: readonly StatementData[],
    tags: Readonly<Record<string, string>> = {},
  ) => ({
    role: { ...distRole(roleArn('access'), may, trusts).role, tags: tagsOf(tags) },
    tagKeys: ['id', 'Env'],
    callers,
  });
  const places = { policy: placeIn('policy.json'), trust: place };

  it('is asked what it reads and decrypts, and who assumes it', () => {
    const { findings, cases } = judgeAccessRole(question([own], [letsIn()]), places);
    expect(findings).toEqual([]);
    const { cases: ofTrust } = judgeTrust(question([own], [letsIn()]), place);
    expect(ofTrust).toBeGreaterThan(0);
    expect(cases).toBeGreaterThan(ofTrust);
  });

  it('that is closed is found where its documents begin', () => {
    const closed = question(
      [allow('kms:DescribeKey')],
      [{ ...letsIn(), Effect: 'Deny', Action: 'sts:TagSession' }],
    );
    expect(told(judgeAccessRole(closed, places).findings).map(([rule, , , file]) => [rule, file])).toEqual([
      ['proof-denied', 'policy.json'],
      ['proof-denied', 'here.json'],
    ]);
  });

  it('has none of the tags itself, in any case', () => {
    const found = judgeTrust(question([own], [letsIn()], { ID: 'a', owner: 'b', env: 'c' }), place).findings;
    const itself = (key: string) => [
      'proof-trust',
      `the role itself has the tag "${key}", which its sessions have without claiming it`,
      'a role without the tags that decide who reads',
      'here.json',
    ];
    expect(told(found).slice(0, 2)).toEqual([itself('ID'), itself('env')]);
  });

  it('lets in roles alone, for actions that are known', () => {
    const found = judgeTrust(
      question(
        [own],
        [
          letsIn(),
          letsIn({ Action: [...assumes, 'sts:SetSourceIdentity'] }),
          letsIn({ Effect: 'Deny', Condition: { StringLike: { 'aws:PrincipalTag/y': variable } } }),
        ],
      ),
      place,
    ).findings;
    expect(told(found)).toEqual([
      wide('sts:SetSourceIdentity', 'sts:AssumeRole, sts:TagSession', 'trust.json'),
      asPattern('trust.json'),
    ]);
  });
});
