import type { Attack, Group } from './attack.ts';
import { showing } from './attack.ts';
import { appended, text } from './change.ts';
import { externalSecrets } from './external-secrets.ts';
import { storeFields } from './store-fields.ts';

const service2 = 'clusters/us-west-2/services/service2.yaml';
const staging = 'clusters/staging/services/ledger.yaml';
const chain = 'clusters/prod/services/ledger.yaml';
const one = { tree: 'twoServices' } as const;
const two = { tree: 'platform' } as const;
const odd = { rule: 'proof-document', file: service2 } as const;

const attacks: readonly Attack[] = [
  {
    ...one,
    name: "A SecretStore with another service's tag",
    does: 'the operator takes the tag as it stands, and service2 gets the secrets of service1',
    change: text(service2, 'value: service2', 'value: service1'),
    finds: {
      rule: 'proof-access',
      file: service2,
      at: 'aws:',
      says: 'claims ekssecret=service1, which no label of its namespace allows',
      shows: showing({ ekssecret: 'service1' }, { ekssecret: 'service1' }),
      also: ['proof-guard', 'proof-document', 'proof-denied'],
    },
  },
  {
    ...one,
    name: "A SecretStore in another service's namespace",
    does: 'service1 may use the store of service2',
    change: text(service2, 'namespace: service2-ns', 'namespace: service1-ns'),
    finds: { ...odd, at: 'metadata', says: 'a SecretStore in namespace "service1-ns"' },
  },
  {
    ...one,
    name: 'A second SecretStore for another service',
    does: 'the first one is right, and the second one is used',
    change: appended(
      service2,
      `---
apiVersion: external-secrets.io/v1
kind: SecretStore
metadata: { name: other, namespace: service2-ns }
spec:
  provider:
    aws:
      service: SecretsManager
      region: us-west-2
      role: arn:aws:iam::123456789012:role/eso-secrets-access
      sessionTags: [{ key: ekssecret, value: service1 }]
`,
    ),
    finds: {
      rule: 'proof-access',
      file: service2,
      at: 'aws:',
      says: 'claims ekssecret=service1, which no label of its namespace allows',
      shows: showing({ ekssecret: 'service1' }, { ekssecret: 'service1' }),
      also: ['proof-guard'],
    },
  },
  {
    ...two,
    name: 'Two SecretStores of one name',
    does: 'which of them is used depends on who applies them, and in which order',
    change: text(staging, 'name: aws-secretsmanager-datadog', 'name: aws-secretsmanager'),
    finds: {
      ...odd,
      file: staging,
      at: 'name: aws-secretsmanager',
      says: 'a second SecretStore "aws-secretsmanager": which of them stays is not said',
      also: ['proof-denied', 'proof-guard'],
    },
  },
  {
    ...one,
    name: "The label of another service's identity",
    does: 'an admission policy that goes by the labels lets the namespace claim it',
    change: text(
      service2,
      '    kubernetes.io/metadata.name',
      "    shared.eso-abac/service1: 'true'\n    kubernetes.io/metadata.name",
    ),
    finds: {
      rule: 'proof-access',
      file: service2,
      at: 'labels',
      says: 'may claim "service1", which is another service',
      also: ['proof-document'],
    },
  },
  {
    ...one,
    name: 'Label and tag of another service',
    does: 'the claim and its permission are forged together',
    change: [
      text(service2, 'eso-abac/service: service2', 'eso-abac/service: service1'),
      text(service2, 'value: service2', 'value: service1'),
    ],
    finds: {
      rule: 'proof-access',
      file: service2,
      at: 'labels',
      says: 'may claim "service1", which is another service',
      also: ['proof-document', 'proof-denied'],
    },
  },
  {
    ...one,
    name: 'One namespace for two services',
    does: 'both use both stores',
    change: (files) =>
      files.set(service2, (files.get(service2) ?? '').replaceAll('service2-ns', 'service1-ns')),
    finds: { rule: 'proof-access', file: service2, at: 'service1-ns', says: 'is that of service1 too' },
  },
  {
    ...one,
    name: 'A service in a namespace of Kubernetes',
    does: 'whoever looks after it may become a controller that the admission policies let through',
    change: (files) =>
      files.set(service2, (files.get(service2) ?? '').replaceAll('service2-ns', 'kube-system')),
    finds: { ...odd, at: 'kube-system', says: `namespace "kube-system" of service2 is Kubernetes' own` },
  },
  {
    ...one,
    name: 'A namespace in which pods may have privileges',
    does: 'where a cluster forbids that, a pod there gets at the node, and at the token of an operator that runs on it',
    change: text(
      service2,
      'eso-abac/service: service2\n    kubernetes',
      'eso-abac/service: service2\n    pod-security.kubernetes.io/enforce: privileged\n    kubernetes',
    ),
    finds: { ...odd, at: 'enforce', says: '"pod-security.kubernetes.io/enforce" is something' },
  },
  {
    ...one,
    name: 'A Namespace that Argo CD deletes and makes anew',
    does: 'everything in it is lost, again and again',
    change: text(service2, 'Prune=false,Delete=false', 'Replace=true,Force=true'),
    finds: { ...odd, at: 'sync-options', says: 'may keep the object from being applied' },
  },
  {
    ...two,
    name: 'One store used by two services',
    does: 'orders reads as ledger',
    change: text(
      'clusters/prod/services/orders.yaml',
      `      sessionTags:
        - key: ekssecret
          value: orders`,
      `      sessionTags:
        - key: ekssecret
          value: ledger`,
    ),
    finds: {
      rule: 'proof-access',
      file: 'clusters/prod/services/orders.yaml',
      at: 'aws:',
      says: 'orders can read its secret prod/ledger',
      shows: { way: { cluster: 'prod' }, expected: 'denied' },
      also: ['proof-guard', 'proof-document', 'proof-denied'],
    },
  },
  ...externalSecrets,
  ...storeFields,
  {
    ...one,
    name: 'PushSecret',
    does: 'a secret of the cluster goes to AWS, under any name',
    change: appended(
      service2,
      '---\napiVersion: external-secrets.io/v1alpha1\nkind: PushSecret\nmetadata: { name: push, namespace: service2-ns }\n',
    ),
    finds: { ...odd, at: 'PushSecret', says: 'an object that the proof knows nothing about' },
  },
  {
    ...one,
    name: "A pod with the operator's service account",
    does: 'it has the role of the operator',
    change: appended(
      service2,
      '---\napiVersion: v1\nkind: Pod\nmetadata: { name: p, namespace: external-secrets }\nspec: { serviceAccountName: external-secrets }\n',
    ),
    finds: { ...odd, at: 'Pod', says: 'an object that the proof knows nothing about' },
  },
  {
    ...one,
    name: 'A manifest elsewhere in the folder of the cluster',
    does: 'it is applied with the rest',
    change: appended(
      'clusters/us-west-2/more.yaml',
      'apiVersion: external-secrets.io/v1\nkind: ClusterSecretStore\nmetadata: { name: all }\n',
    ),
    finds: {
      ...odd,
      file: 'clusters/us-west-2/more.yaml',
      at: 'external-secrets',
      says: 'is a file that the proof knows nothing about',
    },
  },
  {
    ...one,
    name: 'A List of objects',
    does: 'it holds whatever it likes',
    change: appended(service2, '---\napiVersion: v1\nkind: List\nitems: []\n'),
    finds: { ...odd, at: 'List', says: 'an object that the proof knows nothing about' },
  },
  {
    ...one,
    name: 'A key that stands twice in YAML',
    does: 'readers differ in which of the two they take',
    change: text(service2, 'value: service2', 'value: service2\n          value: service1'),
    finds: { rule: 'duplicate-key', file: service2, at: 'value', says: 'twice' },
  },
  {
    ...two,
    name: 'A staging store that claims production',
    does: 'AWS refuses the session',
    change: text(staging, 'value: staging', 'value: prod'),
    finds: {
      rule: 'proof-denied',
      file: staging,
      at: 'aws:',
      says: 'gets no session',
      also: ['proof-guard'],
    },
  },
  {
    ...two,
    name: 'A store without external id',
    does: 'AWS refuses the session',
    change: text(staging, '      externalID: platform-secrets\n', ''),
    finds: {
      rule: 'proof-denied',
      file: 'aws/111122223333/roles/eso-secrets-access/trust.json',
      at: 'DenyWithoutExternalId',
      says: 'ledger in cluster "staging" gets no session',
      also: ['proof-guard'],
    },
  },
  {
    ...two,
    name: 'A transitive tag',
    does: 'the admission policy refuses the store',
    change: text(staging, '      sessionTags:', '      transitiveTagKeys: [ekssecret]\n      sessionTags:'),
    finds: {
      rule: 'proof-guard',
      file: staging,
      at: 'SecretStore',
      says: 'cannot create the SecretStore aws-secretsmanager: eso-abac-secretstores refuses it',
    },
  },
  {
    ...two,
    name: 'A transitive key that is none of the tags',
    does: 'AWS refuses the session',
    change: text(staging, '      sessionTags:', '      transitiveTagKeys: [team]\n      sessionTags:'),
    finds: {
      rule: 'proof-denied',
      file: staging,
      at: 'aws:',
      says: 'STS refuses the transitive tag key',
      also: ['proof-guard'],
    },
  },
  {
    ...one,
    name: 'A Namespace with a label that none can be',
    does: 'nothing of the service is ever there',
    change: text(
      service2,
      'app.kubernetes.io/managed-by: eso-abac',
      'app.kubernetes.io/managed-by: -eso-abac',
    ),
    finds: { rule: 'object-name', file: service2, at: '-eso-abac', says: 'is not a valid label' },
  },
  {
    tree: 'chain',
    name: 'The chain in another order',
    does: 'the roles trust each other in one order only',
    change: text(
      chain,
      '        - arn:aws:iam::123456789012:role/eso-bridge\n        - arn:aws:iam::999999999999:role/eso-door\n',
      '        - arn:aws:iam::999999999999:role/eso-door\n        - arn:aws:iam::123456789012:role/eso-bridge\n',
    ),
    finds: {
      rule: 'proof-denied',
      file: chain,
      at: 'aws:',
      says: 'role/eso-door is not allowed',
      also: ['proof-guard'],
    },
  },
  {
    tree: 'chain',
    name: 'The chain cut short',
    does: 'the roles trust each other in one order only',
    change: text(chain, '        - arn:aws:iam::123456789012:role/eso-bridge\n', ''),
    finds: {
      rule: 'proof-denied',
      file: chain,
      at: 'aws:',
      says: 'role/eso-door is not allowed',
      also: ['proof-guard'],
    },
  },
];

/** Objects that no cluster takes, and of which the operator makes no Secret. */
const refused: readonly Attack[] = [
  {
    ...one,
    name: 'An ExternalSecret of which no Secret is made',
    does: 'the service never starts',
    change: text(service2, 'creationPolicy: Owner', 'creationPolicy: None'),
    finds: { ...odd, at: 'None', says: 'with creationPolicy None the Secret is none' },
  },
  {
    ...two,
    name: 'Two ExternalSecrets for one Secret',
    does: 'the operator lets one of them have it, and the other never arrives',
    change: (files) =>
      files.set(
        staging,
        (files.get(staging) ?? '').replace(
          /(target:\n {4}name: )(?!staging-datadog)[\w-]+/,
          '$1staging-datadog',
        ),
      ),
    finds: { ...odd, file: staging, at: 'target', says: 'a second ExternalSecret that fills the Secret' },
  },
  {
    ...one,
    name: 'A SecretStore of a name that Kubernetes does not take',
    does: 'it is in no cluster, and the service never starts',
    change: (files) =>
      files.set(
        service2,
        (files.get(service2) ?? '').replaceAll('name: aws-secretsmanager', 'name: aws_store'),
      ),
    finds: {
      rule: 'object-name',
      file: service2,
      at: 'aws_store',
      says: '"aws_store" is not a valid name',
      also: ['schema'],
    },
  },
  {
    ...one,
    name: 'An ExternalSecret with a policy that there is none of',
    does: 'the API server refuses it, and the service never starts',
    change: text(service2, 'deletionPolicy: Retain', 'deletionPolicy: Keep'),
    finds: { rule: 'schema', file: service2, at: 'Keep', says: '"Keep"' },
  },
  {
    ...one,
    name: 'An interval that the operator cannot read',
    does: 'its webhook refuses the ExternalSecret, and the service never starts',
    change: text(service2, 'refreshInterval: 1h', 'refreshInterval: 1H'),
    finds: { rule: 'eso-webhook', file: service2, at: '1H', says: '"1H" is no duration' },
  },
];

export const tenants: Group = {
  title: 'What a service asks for',
  stops:
    'A store may claim what the labels of its namespace name, which are its own service and shared identities. A file of a service holds nothing but its Namespace, its SecretStores and its ExternalSecrets, and nothing that no cluster would take.',
  attacks: [...attacks, ...refused],
};
