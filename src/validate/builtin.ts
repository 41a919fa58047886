import { admissionKinds } from './builtin-admission.ts';
import { rbacKinds } from './builtin-rbac.ts';
import type { Kind } from './crd.ts';

const string = { type: 'string', nullable: true };
const time = { type: 'string', format: 'date-time', nullable: true };
const integer = { type: 'integer', format: 'int64', nullable: true };
const boolean = { type: 'boolean', nullable: true };
const stringMap = { type: 'object', nullable: true, additionalProperties: { type: 'string' } };
const stringList = { type: 'array', nullable: true, items: { type: 'string' } };
const anything = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };

/**
 * The fields of `metadata`, which every object has and no CRD may describe.
 *
 * Source: ObjectMeta in the Kubernetes API reference (meta/v1). The API server reads null as "not set" there.
 */
export const objectMeta = {
  type: 'object',
  properties: {
    name: string,
    generateName: string,
    namespace: string,
    labels: stringMap,
    annotations: stringMap,
    finalizers: stringList,
    ownerReferences: {
      type: 'array',
      nullable: true,
      items: {
        type: 'object',
        required: ['apiVersion', 'kind', 'name', 'uid'],
        properties: {
          apiVersion: string,
          kind: string,
          name: string,
          uid: string,
          controller: boolean,
          blockOwnerDeletion: boolean,
        },
      },
    },
    uid: string,
    resourceVersion: string,
    generation: integer,
    creationTimestamp: time,
    deletionTimestamp: time,
    deletionGracePeriodSeconds: integer,
    selfLink: string,
    managedFields: { type: 'array', nullable: true, items: anything },
  },
} as const;

/** Source: Namespace in the Kubernetes API reference (core/v1). */
const namespaceSchema = {
  type: 'object',
  properties: {
    apiVersion: { type: 'string' },
    kind: { type: 'string' },
    metadata: { type: 'object' },
    spec: { type: 'object', nullable: true, properties: { finalizers: stringList } },
    status: {
      type: 'object',
      nullable: true,
      properties: { phase: string, conditions: { type: 'array', nullable: true, items: anything } },
    },
  },
} as const;

/** Kinds of Kubernetes itself that are validated without a CRD. */
export const builtinKinds: readonly Kind[] = [
  {
    group: '',
    kind: 'Namespace',
    namespaced: false,
    versions: [{ name: 'v1', served: true, schema: namespaceSchema }],
    file: 'Kubernetes',
  },
  ...admissionKinds,
  ...rbacKinds,
];
