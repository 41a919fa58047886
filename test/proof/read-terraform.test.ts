import { expect, it } from 'vitest';
import { readTerraform } from '../../src/proof/files/realisations.ts';
import { type Change, changed, type Json, type JsonObject, json } from './attacks/change.ts';
import { documentsOf } from './role-documents.ts';
import { type Said, said, written } from './said.ts';

const path = 'aws/123456789012/terraform.tf.json';
const fileOf = (role: string, which: string) =>
  '$'.concat(`{file("`, '$', `{path.module}/roles/${role}/${which}.json")}`);
const nameOf = (label: string) => '$'.concat(`{aws_iam_role.${label}.name}`);
const roleOf = (name: string) => ({ name, path: '/', assume_role_policy: fileOf(name, 'trust') });
const policyOf = (name: string, label: string) => ({
  name: 'eso-abac',
  role: nameOf(label),
  policy: fileOf(name, 'policy'),
});
const module = {
  resource: {
    aws_iam_role: { the_eso: roleOf('eso'), reader: roleOf('reader') },
    aws_iam_role_policy: { the_eso: policyOf('eso', 'the_eso'), 'eso-2': policyOf('reader', 'reader') },
  },
};
const roles = [documentsOf('eso'), documentsOf('reader'), documentsOf('by-eksctl', false)];
/** What the CloudFormation template says of the roles. */
const others = new Map([['eso', { path: '/' }]]);

function read(change: Change, settings = others): readonly Said[] {
  const text = changed(new Map([[path, written(module)]]), change).get(path) ?? '';
  const source = { path, text };
  return said([source], (reading) => readTerraform(source, roles, settings, reading)).findings;
}

const inModule = (patch: JsonObject, ...keys: readonly string[]) => json(path, keys, patch);
const inRole = (patch: JsonObject) => inModule(patch, 'resource', 'aws_iam_role', 'the_eso');
const inPolicy = (patch: Json) => json(path, ['resource', 'aws_iam_role_policy', 'the_eso'], patch);
const isMissing = (name: string): Said => [
  '{',
  `role "${name}" of aws/123456789012/roles/${name} is not made here`,
  'every role that has a trust policy',
];
const hasNoPolicy = (name: string, label: string): Said => [
  '{"aws_iam_role": {"the_e…',
  `role "${name}" has no policy`,
  `aws_iam_role_policy for aws_iam_role.${label}`,
];
const roleKeys = 'name, path, assume_role_policy';

const cases: readonly (readonly [what: string, change: Change, ...said: Said[]])[] = [
  ['what dist says', () => undefined],
  ['nothing', json(path, [], []), ['[]', 'the module is no object', 'an object with resource']],
  [
    'a provider',
    inModule({ provider: {} }),
    ['"provider"', 'the module holds "provider", which the proof knows nothing about', 'resource'],
  ],
  [
    'a user',
    inModule({ aws_iam_user: {} }, 'resource'),
    [
      '"aws_iam_user"',
      'resource holds "aws_iam_user", which the proof knows nothing about',
      'aws_iam_role, aws_iam_role_policy',
    ],
  ],
  [
    'roles alone',
    inModule({ aws_iam_role_policy: null }, 'resource'),
    [
      '{"aws_iam_role": {"the_e…',
      'resource has no "aws_iam_role_policy"',
      'aws_iam_role, aws_iam_role_policy',
    ],
  ],
  [
    'a list of roles',
    inModule({ aws_iam_role: [] }, 'resource'),
    ['[]', 'aws_iam_role of the module is no object', 'an object'],
    isMissing('eso'),
    isMissing('reader'),
    [
      '{"name": "eso-abac","rol…',
      `a policy for "${nameOf('the_eso')}"`,
      'one policy for each role of the module',
    ],
    [
      '{"name": "eso-abac","rol…',
      `a policy for "${nameOf('reader')}"`,
      'one policy for each role of the module',
    ],
  ],
  [
    'a list of policies',
    inModule({ aws_iam_role_policy: [{}] }, 'resource'),
    ['[{}]', 'aws_iam_role_policy of the module is no object', 'an object'],
    hasNoPolicy('eso', 'the_eso'),
    hasNoPolicy('reader', 'reader'),
  ],
  [
    'a role with a managed policy',
    inRole({ managed_policy_arns: [] }),
    [
      '"managed_policy_arns"',
      'the role holds "managed_policy_arns", which the proof knows nothing about',
      `${roleKeys}, permissions_boundary`,
    ],
  ],
  [
    'a role without path',
    inRole({ path: null }),
    ['{"name": "eso","assume_r…', 'the role has no "path"', roleKeys],
    isMissing('eso'),
    [
      '{"name": "eso-abac","rol…',
      `a policy for "${nameOf('the_eso')}"`,
      'one policy for each role of the module',
    ],
  ],
  [
    'a role of which nothing is known',
    inRole({ name: 'another' }),
    ['{"name": "another","path…', 'role "another" has no documents in dist', 'eso, reader, by-eksctl'],
    isMissing('eso'),
    [
      '{"name": "eso-abac","rol…',
      `a policy for "${nameOf('the_eso')}"`,
      'one policy for each role of the module',
    ],
  ],
  [
    'a name that is no text',
    inRole({ name: 1 }),
    ['1', 'name of the role is no text', 'a text'],
    ['{"name": 1,"path": "/","…', 'role "" has no documents in dist', 'eso, reader, by-eksctl'],
    isMissing('eso'),
    [
      '{"name": "eso-abac","rol…',
      `a policy for "${nameOf('the_eso')}"`,
      'one policy for each role of the module',
    ],
  ],
  [
    'one role twice',
    inModule(
      { name: 'eso', assume_role_policy: fileOf('eso', 'trust') },
      'resource',
      'aws_iam_role',
      'reader',
    ),
    ['{"name": "eso","path": "…', 'role "eso" stands here twice', 'each role once'],
    isMissing('reader'),
    [
      `"${fileOf('reader', 'policy').replaceAll('"', '\\"')}"`.slice(0, 24).concat('…'),
      `policy is not ${fileOf('eso', 'policy')}`,
      fileOf('eso', 'policy'),
    ],
  ],
  [
    'another path than in CloudFormation',
    inRole({ path: '/team/' }),
    [
      '{"name": "eso","path": "…',
      'path or boundary of role "eso" differ from the CloudFormation template',
      'the same in both',
    ],
  ],
  [
    'a path that Terraform makes up',
    inRole({ path: '/$'.concat('{x}/') }),
    [
      '{"name": "eso","path": "…',
      'name or path of role "eso" hold an expression of Terraform',
      'texts as they are',
    ],
    [
      '{"name": "eso","path": "…',
      'path or boundary of role "eso" differ from the CloudFormation template',
      'the same in both',
    ],
  ],
  [
    'a boundary that CloudFormation knows nothing of',
    inRole({ permissions_boundary: 'arn:aws:iam::123456789012:policy/bound' }),
    [
      '{"name": "eso","path": "…',
      'path or boundary of role "eso" differ from the CloudFormation template',
      'the same in both',
    ],
  ],
  [
    'a role that CloudFormation does not make',
    inModule({ path: '/team/' }, 'resource', 'aws_iam_role', 'reader'),
  ],
  [
    'a trust policy of its own',
    inRole({ assume_role_policy: '{}' }),
    ['"{}"', `assume_role_policy is not ${fileOf('eso', 'trust')}`, fileOf('eso', 'trust')],
  ],
  [
    'a policy of its own',
    inPolicy({ policy: ['{}'] }),
    ['["{}"]', `policy is not ${fileOf('eso', 'policy')}`, fileOf('eso', 'policy')],
  ],
  [
    'a policy without name',
    inPolicy({ name: null }),
    ['{"role": "${aws_iam_role…', 'the policy has no "name"', 'name, role, policy'],
    hasNoPolicy('eso', 'the_eso'),
  ],
  [
    'a policy by a name that Terraform refuses',
    inModule({ 'eso-2': null, '2-eso': policyOf('reader', 'reader') }, 'resource', 'aws_iam_role_policy'),
    ['"2-eso"', '"2-eso" in aws_iam_role_policy of the module is no name', 'a name that Terraform takes'],
  ],
  [
    'a policy with a name that is no text',
    inPolicy({ name: 1 }),
    ['1', 'name of the policy is no name', 'a name that IAM takes'],
  ],
  ...['$', '%'].map((sign): [string, Change, ...Said[]] => [
    `a policy with a name that begins an expression by ${sign}`,
    inPolicy({ name: sign.concat('{timestamp()}') }),
    [`"${sign}{timestamp()}"`, 'name of the policy is no name', 'a name that IAM takes'],
  ]),
  [
    'a policy for no role',
    inPolicy({ role: null, count: 1 }),
    ['"count"', 'the policy holds "count", which the proof knows nothing about', 'name, role, policy'],
    ['{"name": "eso-abac","pol…', 'the policy has no "role"', 'name, role, policy'],
    hasNoPolicy('eso', 'the_eso'),
  ],
  [
    'a policy for what is no text',
    inPolicy({ role: { count: 1 } }),
    ['{"count": 1}', 'role of the policy is no text', 'a text'],
    ['{"name": "eso-abac","rol…', 'a policy for ""', 'one policy for each role of the module'],
    hasNoPolicy('eso', 'the_eso'),
  ],
  [
    'two policies for one role',
    inPolicy({ role: nameOf('reader'), policy: fileOf('reader', 'policy') }),
    [
      '{"name": "eso-abac","rol…',
      `a policy for "${nameOf('reader')}"`,
      'one policy for each role of the module',
    ],
    hasNoPolicy('eso', 'the_eso'),
  ],
  ...[
    'eso',
    nameOf('another'),
    `${nameOf('the_eso')}x`,
    `x${nameOf('the_eso')}`,
    nameOf('the_eso').replaceAll('.', 'x'),
    nameOf('the_eso x'),
  ].map((role): [string, Change, ...Said[]] => [
    `a policy for ${role}`,
    inPolicy({ role }),
    ['{"name": "eso-abac","rol…', `a policy for "${role}"`, 'one policy for each role of the module'],
    hasNoPolicy('eso', 'the_eso'),
  ]),
];

it.each(cases.map(([what, change, ...expected]) => ({ what, change, expected })))(
  'a Terraform module with $what',
  ({ change, expected }) => {
    expect(read(change)).toEqual(expected);
  },
);

it('a list of roles is told also where a module makes none that dist has documents of', () => {
  const text = written({ resource: { aws_iam_role: [{ more: roleOf('more') }], aws_iam_role_policy: {} } });
  const source = { path, text };
  const { findings } = said([source], (reading) =>
    readTerraform(source, [documentsOf('by-eksctl', false)], new Map(), reading),
  );
  expect(findings.map(([, message]) => message)).toEqual(['aws_iam_role of the module is no object']);
});
