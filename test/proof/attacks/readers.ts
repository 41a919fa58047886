import { platform, stores } from './admission.ts';
import type { Attack, Group } from './attack.ts';
import { addedStatement, appended, type Change, text } from './change.ts';
import { variableOf } from './names.ts';

const service2 = 'clusters/us-west-2/services/service2.yaml';
const one = { tree: 'twoServices' } as const;
const odd = { rule: 'proof-document', file: service2 } as const;
const lines = 'a character that ends the line';
const another = 'another document for some readers';

/** A label by which service2 may claim what is service1's, somewhere that not every reader looks. */
const labelled = (before: string): Change =>
  text(service2, '    kubernetes.io/metadata.name', `${before}\n    kubernetes.io/metadata.name`);
const hidden = (lineBreak: string): Change =>
  labelled(`    # a note${lineBreak}    shared.eso-abac/service1: "true"`);
/** Puts a policy's binding behind something that is no beginning of a document to every reader. */
const binding = (between: string): Change =>
  text(
    stores,
    '\n---\napiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicyBinding',
    `${between}apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicyBinding`,
  );
const lost = { ...odd, file: stores, also: ['proof-guard'] } as const;

const attacks: readonly Attack[] = [
  ...(
    [
      ['line separator', '\u2028'],
      ['paragraph separator', '\u2029'],
      ['next line', '\u0085'],
      ['carriage return', '\r'],
    ] as const
  ).map(
    ([name, character]): Attack => ({
      ...one,
      name: `A comment with the character "${name}"`,
      does: 'to Kubernetes the comment ends there, and a label follows by which service2 may claim service1',
      change: hidden(character),
      finds: { ...odd, at: '# a note', says: lines },
    }),
  ),
  {
    ...one,
    name: 'A file that is called like that of a policy, in capitals',
    does: 'file systems that take both for one keep it, and nothing judges SecretStores',
    change: appended(`${platform}/ADMISSION-secretstores.yaml`, '# nothing\n'),
    finds: { rule: 'proof-document', file: stores, at: '', says: 'but for its case' },
  },
  {
    ...one,
    name: 'A byte order mark before a key',
    does: 'to Kubernetes the key stands twice, and the last one counts',
    change: (files) =>
      files.set(
        service2,
        (files.get(service2) ?? '').replace('\nspec:', () => '\n\ufeffspec: { provider: {} }\nspec:'),
      ),
    finds: { ...odd, at: 'spec:', says: 'a byte order mark in the text' },
  },
  {
    ...one,
    name: 'A label in base64',
    does: 'Kubernetes reads a label by which service2 may claim service1',
    change: labelled('    ? !!binary c2hhcmVkLmVzby1hYmFjL3NlcnZpY2Ux\n    : "true"'),
    finds: { rule: 'yaml-syntax', file: service2, at: '!!binary', says: 'binary' },
  },
  {
    ...one,
    name: 'A tag that is merged behind its own',
    does: 'Kubernetes lets the later one count, and the store claims what is of service1',
    change: text(
      service2,
      '          value: service2',
      '          value: service2\n          <<: { value: service1 }',
    ),
    finds: { ...odd, at: '<<', says: 'a merge' },
  },
  {
    ...one,
    name: 'A binding behind the end of a document',
    does: 'kubectl reads no further, and the policy denies nothing',
    change: binding('\n...\n'),
    finds: { ...lost, at: '...', says: another },
  },
  {
    ...one,
    name: 'A binding behind a directive',
    does: 'what kubectl makes of it depends on its version',
    change: appended(`${platform}/rbac.yaml`, '%YAML 1.1\n---\n'),
    finds: { ...odd, file: `${platform}/rbac.yaml`, at: '%YAML', says: another },
  },
  {
    ...one,
    name: 'A binding behind a beginning with a comment',
    does: 'kubectl of some versions reads no further, and the policy denies nothing',
    change: binding('\n--- # the binding\n'),
    finds: { ...lost, at: '# the binding', says: 'kubectl may not see as one' },
  },
];

const account = 'aws/123456789012';
const kept = '{{resolve:ssm:/platform/who:1}}';
const notHere = 'stands for a value that is kept elsewhere';

/** What CloudFormation and Terraform put in place of a text. */
const replaced: readonly Attack[] = [
  {
    ...one,
    name: 'Callers by a value that is kept elsewhere',
    does: 'no caller has such an ARN, until CloudFormation puts in that of whoever may write the parameter',
    change: addedStatement(`${account}/roles/eso-secrets-access/trust.json`, {
      Sid: 'Others',
      Effect: 'Allow',
      Principal: { AWS: '*' },
      Action: ['sts:AssumeRole', 'sts:TagSession'],
      Condition: { StringEquals: { 'aws:PrincipalArn': kept } },
    }),
    finds: { rule: 'proof-document', file: `${account}/cloudformation.json`, at: kept, says: notHere },
  },
  {
    ...one,
    name: 'A secret by a value that is kept elsewhere',
    does: 'no secret has such a name, until CloudFormation puts in that of another service',
    change: addedStatement(`${account}/roles/eso-secrets-access/policy.json`, {
      Sid: 'Others',
      Effect: 'Allow',
      Action: 'secretsmanager:GetSecretValue',
      Resource: `arn:aws:secretsmanager:us-west-2:123456789012:secret:${kept}`,
    }),
    finds: { rule: 'proof-document', file: `${account}/cloudformation.json`, at: kept, says: notHere },
  },
  {
    ...one,
    name: 'A further tag by a value that is kept elsewhere',
    does: 'CloudFormation puts in the key of the tag that decides, in another case',
    change: text(
      `${account}/secrets/us-west-2/service1.json`,
      `          {
            "Key": "ekssecret"`,
      `          {
            "Key": "${kept}",
            "Value": "service2"
          },
          {
            "Key": "ekssecret"`,
    ),
    finds: {
      rule: 'proof-document',
      file: `${account}/secrets/us-west-2/service1.json`,
      at: kept,
      says: notHere,
    },
  },
  {
    tree: 'platform',
    name: 'A boundary that Terraform makes up',
    does: 'it is another than that of the CloudFormation template, which says the same',
    change: (files) => {
      for (const file of ['cloudformation.json', 'terraform.tf.json', 'eksctl/prod.json']) {
        const path = `aws/111122223333/${file}`;
        files.set(
          path,
          (files.get(path) ?? '').replaceAll(/policy\/platform-boundary/g, `policy/${variableOf('x')}`),
        );
      }
    },
    finds: {
      rule: 'proof-document',
      file: 'aws/111122223333/terraform.tf.json',
      at: 'policy/',
      says: 'permissions_boundary of the role is no name',
    },
  },
];

/** What other readers than the proof's make of a file. */
export const readers: Group = {
  title: 'What others read in the files',
  stops:
    'Kubernetes reads YAML 1.1, kubectl looks for documents itself, and CloudFormation puts in values that stand elsewhere. What they may read otherwise than the proof does is refused.',
  attacks: [...attacks, ...replaced],
};
