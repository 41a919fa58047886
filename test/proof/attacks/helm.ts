import type { Attack, Group } from './attack.ts';
import { appended, removed, text } from './change.ts';

const prod = 'operator/prod/helm-values.yaml';
const staging = 'operator/staging/helm-values.yaml';
const two = { tree: 'platform' } as const;
const odd = { rule: 'proof-document', file: prod } as const;
const unknown = (key: string) => ({
  ...odd,
  at: key.split('.').at(-1) ?? '',
  says: `"${key}" is something that the proof knows nothing about`,
});
const different = (key: string) => ({
  ...odd,
  at: key.split('.').at(-1) ?? '',
  says: `"${key}" is not as the proof knows it`,
});

/** The values without the annotation that asks for a role. */
const withoutRole = (values: string) => values.replace(/ {2}annotations:\n {4}eks.*\n/, '');

const attacks: readonly Attack[] = [
  {
    ...two,
    name: 'A chart that asks for the role that EKS Pod Identity gives',
    does: 'the operator asks with a token, which the role does not know, and gets none',
    change: text(
      staging,
      'serviceAccount:\n',
      'serviceAccount:\n  annotations:\n    eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/eso-staging\n',
    ),
    finds: {
      ...odd,
      file: staging,
      at: 'name: external-secrets',
      says: 'asks for arn:aws:iam::111122223333:role/eso-staging, which EKS Pod Identity gives it',
    },
  },
  {
    ...two,
    name: 'A chart that asks for no role',
    does: 'the operator gets none, unless eksctl has made its service account before',
    change: (files) => files.set(prod, withoutRole(files.get(prod) ?? '')),
    finds: { ...odd, at: 'name: external-secrets', says: 'the operator in cluster "prod" asks for no role' },
  },
  {
    ...two,
    name: 'Further objects in the values of the chart',
    does: 'whoever is logged in gets the right of deployers to say what a namespace may claim',
    change: appended(
      prod,
      `extraObjects:
  - apiVersion: rbac.authorization.k8s.io/v1
    kind: ClusterRoleBinding
    metadata: { name: more-deployers }
    roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: eso-abac-deployer }
    subjects: [{ kind: Group, name: system:authenticated, apiGroup: rbac.authorization.k8s.io }]
`,
    ),
    finds: unknown('extraObjects'),
  },
  {
    ...two,
    name: 'Another image for the operator',
    does: 'the program of a stranger runs with the rights of the operator',
    change: appended(prod, 'image: { repository: registry.example.com/external-secrets }\n'),
    finds: unknown('image'),
  },
  {
    ...two,
    name: 'Another image for its webhook',
    does: 'the program of a stranger runs beside the operator',
    change: text(
      prod,
      'webhook:\n',
      'webhook:\n  image: { repository: registry.example.com/external-secrets }\n',
    ),
    finds: unknown('webhook.image'),
  },
  {
    ...two,
    name: 'The rights of the operator added to those of editors',
    does: 'whoever may edit in any namespace may write stores of the whole cluster',
    change: text(prod, 'aggregateToEdit: false', 'aggregateToEdit: true'),
    finds: different('rbac.aggregateToEdit'),
  },
  {
    ...two,
    name: 'The same by leaving it to the chart',
    does: 'its own value is true',
    change: text(prod, '  aggregateToEdit: false\n', ''),
    finds: { ...odd, at: 'rbac', says: '"rbac.aggregateToEdit" is not as the proof knows it' },
  },
  {
    ...two,
    name: 'The same behind a key that reads like it',
    does: 'Helm takes a key with a dot for one that the chart does not know',
    change: [text(prod, '  aggregateToEdit: false\n', ''), appended(prod, '"rbac.aggregateToEdit": false\n')],
    finds: { ...unknown('rbac.aggregateToEdit'), at: '"rbac.aggregateToEdit"' },
  },
  {
    ...two,
    name: 'Stores of the whole cluster switched on',
    does: 'the operator reads for every namespace what such a store says',
    change: text(prod, 'processClusterStore: false', 'processClusterStore: true'),
    finds: different('processClusterStore'),
  },
  {
    ...two,
    name: 'A switch that is a text',
    does: 'Helm takes every text but an empty one for true',
    change: text(prod, 'processClusterStore: false', 'processClusterStore: "false"'),
    finds: different('processClusterStore'),
  },
  {
    ...two,
    name: 'Another service account for the operator',
    does: 'the pods of the operator get no role, and the owners nothing',
    change: text(prod, 'name: external-secrets', 'name: default'),
    finds: {
      ...odd,
      at: 'name: default',
      says: 'the operator in cluster "prod" runs as service account default',
      also: ['proof-guard'],
    },
  },
  {
    ...two,
    name: 'Another role for the operator',
    does: 'the pods of the operator ask for what nobody has looked at',
    change: text(prod, 'role/eso-prod', 'role/administrator'),
    finds: {
      ...odd,
      at: 'name: external-secrets',
      says: 'the operator in cluster "prod" asks for arn:aws:iam::111122223333:role/administrator',
    },
  },
  {
    ...two,
    name: 'A role for an operator that has one already',
    does: 'what EKS Pod Identity gives is passed over',
    change: text(
      staging,
      'serviceAccount:\n',
      'serviceAccount:\n  annotations: { eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/eso-prod }\n',
    ),
    finds: {
      rule: 'proof-document',
      file: staging,
      at: 'name: external-secrets',
      says: 'the operator in cluster "staging" asks for arn:aws:iam::111122223333:role/eso-prod',
    },
  },
  {
    ...two,
    name: 'A second file of values',
    does: 'whoever installs the operator by the folder takes it along',
    change: appended('operator/prod/more-values.yaml', 'processClusterStore: true\n'),
    finds: {
      rule: 'proof-document',
      file: 'operator/prod/more-values.yaml',
      at: 'processClusterStore',
      says: 'knows nothing about',
    },
  },
  {
    ...two,
    name: 'An operator without pods',
    does: 'no secret arrives',
    change: text(prod, 'replicaCount: 2', 'replicaCount: 0'),
    finds: different('replicaCount'),
  },
  {
    ...two,
    name: 'Amounts of memory that Kubernetes cannot read',
    does: 'it takes no pod of the operator',
    change: text(prod, 'memory: 128Mi', 'memory: 128MB'),
    finds: different('resources.requests.memory'),
  },
  {
    ...two,
    name: 'Millions of processors',
    does: 'no node has them, and the operator never starts',
    change: text(prod, 'cpu: 50m', 'cpu: 50M'),
    finds: different('resources.requests.cpu'),
  },
  {
    ...two,
    name: 'More pods than Kubernetes can count',
    does: 'it does not take the Deployment of the operator',
    change: text(prod, 'replicaCount: 2', 'replicaCount: 3000000000'),
    finds: different('replicaCount'),
  },
  {
    ...two,
    name: 'Less memory than is asked for',
    does: 'Kubernetes takes no pod of the operator',
    change: text(prod, 'memory: 512Mi', 'memory: 100Mi'),
    finds: different('resources'),
  },
  {
    tree: 'twoServices',
    name: 'No values for the chart',
    does: 'its own let the operator serve every namespace',
    change: removed('operator/us-west-2/helm-values.yaml'),
    finds: {
      rule: 'proof-document',
      file: 'operator/us-west-2/helm-values.yaml',
      at: '',
      says: 'no values say how the operator is installed in cluster "us-west-2"',
    },
  },
];

export const helm: Group = {
  title: 'How the operator is installed',
  stops:
    'The values of its Helm chart are known one by one. What would let it serve more than a namespace, or others have its rights, is off; it runs as the service account that gets its role.',
  attacks,
};
