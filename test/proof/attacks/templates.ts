import type { Attack, Group } from './attack.ts';
import { appended, json, removed, text } from './change.ts';
import { variableOf } from './names.ts';

const account = 'aws/111122223333';
const template = `${account}/cloudformation.json`;
const module = `${account}/terraform.tf.json`;
const eksctl = `${account}/eksctl/prod.json`;
const pods = `${account}/pod-identity/staging.json`;
const chained = 'aws/123456789012/pod-identity/prod.json';
const ours = {
  eksctl: 'aws/123456789012/eksctl/us-west-2.json',
  secrets: 'aws/123456789012/secrets/us-west-2/service1.json',
};
const one = { tree: 'twoServices' } as const;
const two = { tree: 'platform' } as const;
const odd = { rule: 'proof-document' } as const;
const association = ['Resources', 'PodIdentityAssociation', 'Properties'];
const anything = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };

const attacks: readonly Attack[] = [
  {
    ...two,
    name: 'A weaker policy in the CloudFormation template',
    does: 'what is deployed is not what was reviewed',
    change: text(template, `"${variableOf('ekssecret')}"`, '"ledger"'),
    finds: { ...odd, file: template, at: '"ledger"', says: 'the document differs from' },
  },
  {
    ...two,
    name: 'A weaker trust policy in the CloudFormation template',
    does: 'what is deployed is not what was reviewed',
    change: text(template, '"arn:aws:iam::111122223333:root"', '"*"'),
    finds: { ...odd, file: template, at: '"*"', says: 'the document differs from' },
  },
  {
    ...two,
    name: 'A managed policy in the CloudFormation template',
    does: 'the role may do what stands in no document',
    change: text(
      template,
      '"RoleName": "eso-secrets-access",',
      '"RoleName": "eso-secrets-access",\n        "ManagedPolicyArns": ["arn:aws:iam::aws:policy/SecretsManagerReadWrite"],',
    ),
    finds: { ...odd, file: template, at: 'ManagedPolicyArns', says: 'ManagedPolicyArns' },
  },
  {
    ...two,
    name: 'The access role itself tagged',
    does: 'a session has the identity of the role without claiming it',
    change: text(
      template,
      '"RoleName": "eso-secrets-access",',
      '"RoleName": "eso-secrets-access",\n        "Tags": [{ "Key": "ekssecret", "Value": "ledger" }],',
    ),
    finds: { ...odd, file: template, at: '"Tags"', says: '"Tags"' },
  },
  {
    ...two,
    name: 'A user in the CloudFormation template',
    does: 'access keys that no document speaks of',
    change: json(template, ['Resources'], { Added: { Type: 'AWS::IAM::User', Properties: {} } }),
    finds: { ...odd, file: template, at: 'AWS::IAM::User', says: 'a resource of type "AWS::IAM::User"' },
  },
  {
    ...two,
    name: 'A macro in the CloudFormation template',
    does: 'the template becomes another one when it is deployed',
    change: json(template, [], { Transform: 'AWS::Include' }),
    finds: { ...odd, file: template, at: 'Transform', says: '"Transform"' },
  },
  {
    ...two,
    name: "A macro in place of the template's description",
    does: 'whoever keeps what it includes has a say in what is deployed',
    change: json(template, [], { Description: { 'Fn::Transform': { Name: 'AWS::Include' } } }),
    finds: { ...odd, file: template, at: 'Fn::Transform', says: 'Description of the template is no text' },
  },
  {
    ...two,
    name: 'A template that CloudFormation refuses',
    does: 'the roles stay what they were before, whatever was reviewed',
    change: text(template, '2010-09-09', '2020-09-09'),
    finds: { ...odd, file: template, at: '2020-09-09', says: 'AWSTemplateFormatVersion is not' },
  },
  {
    ...two,
    name: 'The permissions boundary left out of one template',
    does: 'the role is bounded or not, depending on who deploys it',
    change: text(
      template,
      '"PermissionsBoundary": "arn:aws:iam::111122223333:policy/platform-boundary",',
      '',
    ),
    finds: { ...odd, file: module, at: 'eso-', says: 'path or boundary' },
  },
  {
    ...two,
    name: "The permissions boundary left out of eksctl's file",
    does: 'the role is bounded or not, depending on who deploys it',
    change: text(eksctl, '"permissionsBoundary": "arn:aws:iam::111122223333:policy/platform-boundary",', ''),
    finds: { ...odd, file: eksctl, at: 'roleName', says: 'the permissions boundary of' },
  },
  {
    ...two,
    name: 'Another file in Terraform',
    does: 'what is deployed is not what was reviewed',
    change: text(module, 'roles/eso-secrets-access/policy.json', 'roles/../../admin.json'),
    finds: { ...odd, file: module, at: 'admin.json', says: 'policy is not' },
  },
  {
    ...two,
    name: 'A folder that is called like one of dist, in capitals',
    does: 'on file systems that take both for one, Terraform reads the file in it beside the others',
    change: appended('AWS/123456789012/more.tf.json', '{}\n'),
    finds: {
      ...odd,
      file: 'AWS/123456789012/more.tf.json',
      at: '',
      says: 'is a file that the proof knows nothing about',
    },
  },
  {
    ...two,
    name: 'The name of a policy that Terraform reads from a file',
    does: 'what stands in the file is sent to AWS, and printed where the plan is',
    change: json(module, ['resource', 'aws_iam_role_policy', 'eso-secrets-access'], {
      name: '$'.concat('{file(pathexpand("~/.aws/credentials"))}'),
    }),
    finds: { ...odd, file: module, at: 'credentials', says: 'name of the policy is no name' },
  },
  {
    ...two,
    name: 'A policy attached in Terraform',
    does: 'the role may do what stands in no document',
    change: json(module, ['resource'], {
      aws_iam_role_policy_attachment: {
        added: { role: 'eso-secrets-access', policy_arn: 'arn:aws:iam::aws:policy/AdministratorAccess' },
      },
    }),
    finds: {
      ...odd,
      file: module,
      at: 'aws_iam_role_policy_attachment',
      says: 'aws_iam_role_policy_attachment',
    },
  },
  {
    ...two,
    name: 'A provider in Terraform',
    does: 'the roles go to another account',
    change: json(module, [], { provider: { aws: { profile: 'another' } } }),
    finds: { ...odd, file: module, at: 'provider', says: '"provider"' },
  },
  {
    ...two,
    name: 'No identity provider in the file of eksctl',
    does: 'eksctl refuses the file, and the operator gets no role',
    change: json(eksctl, ['iam'], { withOIDC: false }),
    finds: { ...odd, file: eksctl, at: 'withOIDC', says: 'iam.withOIDC is not true' },
  },
  {
    ...two,
    name: 'AdministratorAccess in the file of eksctl',
    does: 'the operator may do everything',
    change: json(eksctl, ['iam', 'serviceAccounts', 0], {
      attachPolicyARNs: ['arn:aws:iam::aws:policy/AdministratorAccess'],
    }),
    finds: { ...odd, file: eksctl, at: 'attachPolicyARNs', says: 'attachPolicyARNs' },
  },
  {
    ...two,
    name: 'A wider policy in the file of eksctl',
    does: 'what is deployed is not what was reviewed',
    change: json(eksctl, ['iam', 'serviceAccounts', 0], { attachPolicy: anything }),
    finds: { ...odd, file: eksctl, at: '"Action": "*"', says: 'the policy differs from' },
  },
  {
    ...two,
    name: 'A second service account in the file of eksctl',
    does: 'another pod becomes the operator',
    change: text(
      eksctl,
      '"serviceAccounts": [',
      '"serviceAccounts": [\n { "metadata": { "name": "a", "namespace": "b" }, "roleName": "c", "attachPolicy": {} },',
    ),
    finds: {
      ...odd,
      file: eksctl,
      at: 'eso-prod',
      says: 'a second service account',
      also: ['proof-trust', 'proof-denied'],
    },
  },
  {
    ...two,
    name: 'Another service account in the file of eksctl',
    does: 'another pod becomes the operator',
    change: json(eksctl, ['iam', 'serviceAccounts', 0, 'metadata'], { namespace: 'default' }),
    finds: {
      rule: 'proof-trust',
      file: `${account}/roles/eso-prod/trust.json`,
      at: 'AssumeAsServiceAccount',
      says: 'system:serviceaccount:external-secrets:external-secrets',
      also: ['proof-denied', 'proof-document'],
    },
  },
  {
    ...two,
    name: 'A wider session policy of EKS Pod Identity',
    does: 'the second fence around the operator is gone',
    change: json(pods, association, { Policy: JSON.stringify(anything) }),
    finds: { ...odd, file: pods, at: 'Policy', says: 'the session policy differs from' },
  },
  {
    ...two,
    name: 'No session policy of EKS Pod Identity',
    does: 'the second fence around the operator is gone',
    change: json(pods, association, { Policy: null }),
    finds: { ...odd, file: pods, at: 'ClusterName', says: 'the association has no session policy' },
  },
  {
    ...two,
    name: 'A second role in the association',
    does: 'EKS itself goes on to a role that nobody looked at',
    change: json(pods, association, { TargetRoleArn: 'arn:aws:iam::111122223333:role/admin' }),
    finds: { ...odd, file: pods, at: 'TargetRoleArn', says: 'TargetRoleArn' },
  },
  {
    ...two,
    name: 'The association for another service account',
    does: 'another pod becomes the operator',
    change: json(pods, association, { Namespace: 'default', ServiceAccount: 'default' }),
    finds: {
      ...odd,
      file: pods,
      at: '"ServiceAccount": "default"',
      says: 'goes to service account default/default',
    },
  },
  {
    tree: 'chain',
    name: 'The namespace of a service, put together by CloudFormation',
    does: 'whoever runs pods there becomes the operator, though no name says so',
    change: json(chained, association, { Namespace: { 'Fn::Join': ['-', ['ledger', 'ns']] } }),
    finds: { ...odd, file: chained, at: '"Fn::Join"', says: 'Namespace of the association is no name' },
  },
  {
    ...two,
    name: 'The operator in the namespace of a service',
    does: 'whoever runs pods there becomes the operator',
    change: json(pods, association, { Namespace: 'orders-ns' }),
    finds: {
      rule: 'proof-trust',
      file: pods,
      at: '"Namespace": "orders-ns"',
      says: 'in the namespace of orders',
      also: ['proof-document'],
    },
  },
  {
    ...two,
    name: 'The association for the access role',
    does: 'a pod has the access role without any tags',
    change: json(pods, association, {
      RoleArn: 'arn:aws:iam::111122223333:role/platform/eso-secrets-access',
    }),
    finds: {
      ...odd,
      file: pods,
      at: 'Policy',
      says: 'the session policy differs from',
      also: ['proof-trust', 'proof-denied'],
    },
  },
  {
    ...two,
    name: 'A file that nobody knows',
    does: 'a template beside the others is deployed with them',
    change: appended(
      `${account}/more.tf.json`,
      '{"resource":{"aws_iam_access_key":{"a":{"user":"admin"}}}}\n',
    ),
    finds: { ...odd, file: `${account}/more.tf.json`, at: 'aws_iam_access_key', says: 'knows nothing about' },
  },
  {
    ...two,
    name: 'A trust policy removed',
    does: 'the templates make a role whose trust nobody looked at',
    change: removed(`${account}/roles/eso-secrets-access/trust.json`),
    finds: {
      ...odd,
      file: template,
      at: 'AssumeWithTags1',
      says: 'the document differs from',
      also: ['proof-denied'],
    },
  },
  {
    ...one,
    name: 'The name of a boundary in the file of eksctl, for its ARN',
    does: 'eksctl makes no role, and the owners get nothing',
    change: text(
      ours.eksctl,
      '"roleName":',
      '"permissionsBoundary": "platform-boundary",\n        "roleName":',
    ),
    finds: {
      ...odd,
      file: ours.eksctl,
      at: 'platform-boundary',
      says: 'permissionsBoundary of the role is no name',
    },
  },
  {
    tree: 'chain',
    name: 'A session policy that EKS does not take',
    does: 'there is no association, and the pods of the operator get no role',
    change: text(chained, '"Policy": "', `"Policy": "${' '.repeat(2048)}`),
    finds: { ...odd, file: chained, at: '"Policy"', says: 'a session policy of' },
  },
  {
    ...two,
    name: 'A description that CloudFormation does not take',
    does: 'it makes none of the roles',
    change: text(template, '"Description": "', `"Description": "${'a'.repeat(1024)}`),
    finds: { ...odd, file: template, at: '', says: 'a Description of' },
  },
  {
    ...one,
    name: 'A tag on a secret that AWS does not take',
    does: 'the secret is not made',
    change: text(ours.secrets, '"Tags": [', '"Tags": [{ "Key": "cost?", "Value": "a" },'),
    finds: { ...odd, file: ours.secrets, at: 'cost?', says: 'the tag key "cost?" with characters' },
  },
  {
    ...one,
    name: 'A secret of a name that Secrets Manager does not take',
    does: 'no secret of the file is made',
    change: json(ours.secrets, ['Resources'], {
      Added: {
        Type: 'AWS::SecretsManager::Secret',
        Properties: { Name: 'a secret', Tags: [{ Key: 'ekssecret', Value: 'service1' }] },
      },
    }),
    finds: { ...odd, file: ours.secrets, at: 'a secret', says: 'Name of the secret is no name' },
  },
  {
    ...one,
    name: 'A replica in no region',
    does: 'the secret is not made',
    change: text(ours.secrets, '"Tags": [', '"ReplicaRegions": [{ "Region": "usw2" }],\n        "Tags": ['),
    finds: { ...odd, file: ours.secrets, at: 'usw2', says: 'Region of the replica is no name' },
  },
];

export const templates: Group = {
  title: 'What is deployed',
  stops:
    'The documents below `roles/` are what is proven. Whatever makes the same roles must say the same to the letter, and nothing else.',
  attacks,
};
