import type { Kind } from './crd.ts';

const string = { type: 'string' };
const name = { type: 'string', minLength: 1 };
const strings = { type: 'array', nullable: true, items: string };
const anything = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };

const rules = {
  type: 'array',
  nullable: true,
  items: {
    type: 'object',
    required: ['verbs'],
    properties: {
      apiGroups: strings,
      resources: strings,
      resourceNames: strings,
      nonResourceURLs: strings,
      verbs: { type: 'array', minItems: 1, items: string },
    },
  },
};

const roleSchema = {
  type: 'object',
  properties: { rules, aggregationRule: { ...anything, nullable: true } },
};

const bindingSchema = {
  type: 'object',
  required: ['roleRef'],
  properties: {
    roleRef: {
      type: 'object',
      required: ['kind', 'name'],
      properties: {
        apiGroup: { type: 'string', enum: ['rbac.authorization.k8s.io'] },
        kind: { type: 'string', enum: ['ClusterRole'] },
        name,
      },
    },
    subjects: {
      type: 'array',
      nullable: true,
      items: {
        type: 'object',
        required: ['kind', 'name'],
        properties: {
          apiGroup: string,
          kind: { type: 'string', enum: ['ServiceAccount', 'User', 'Group'] },
          name,
          namespace: string,
        },
      },
    },
  },
};

const kind = (kindName: string, schema: unknown): Kind => ({
  group: 'rbac.authorization.k8s.io',
  kind: kindName,
  namespaced: false,
  versions: [{ name: 'v1', served: true, schema }],
  file: 'Kubernetes',
});

/** Source: ClusterRole and ClusterRoleBinding in the Kubernetes API reference (rbac/v1). */
export const rbacKinds: readonly Kind[] = [
  kind('ClusterRole', roleSchema),
  kind('ClusterRoleBinding', bindingSchema),
];
