import type { Kind } from './crd.ts';

const string = { type: 'string' };
const name = { type: 'string', minLength: 1 };
const strings = { type: 'array', items: string };
const someStrings = { type: 'array', minItems: 1, items: name };
const stringMap = { type: 'object', additionalProperties: string };
const oneOf = (...values: readonly string[]) => ({ type: 'string', enum: values });

/** Source: LabelSelector in the Kubernetes API reference (meta/v1). */
const labelSelector = {
  type: 'object',
  properties: {
    matchLabels: stringMap,
    matchExpressions: {
      type: 'array',
      items: {
        type: 'object',
        required: ['key', 'operator'],
        properties: { key: name, operator: oneOf('In', 'NotIn', 'Exists', 'DoesNotExist'), values: strings },
      },
    },
  },
};

const resourceRules = {
  type: 'array',
  items: {
    type: 'object',
    required: ['apiGroups', 'apiVersions', 'operations', 'resources'],
    properties: {
      apiGroups: { type: 'array', minItems: 1, items: string },
      apiVersions: someStrings,
      resources: someStrings,
      resourceNames: strings,
      operations: {
        type: 'array',
        minItems: 1,
        items: oneOf('CREATE', 'UPDATE', 'DELETE', 'CONNECT', '*'),
      },
      scope: oneOf('Cluster', 'Namespaced', '*'),
    },
  },
};

const matchResources = {
  type: 'object',
  properties: {
    matchPolicy: oneOf('Exact', 'Equivalent'),
    namespaceSelector: labelSelector,
    objectSelector: labelSelector,
    resourceRules,
    excludeResourceRules: resourceRules,
  },
};

/** A list of entries with a name of their own and an expression. */
const namedExpressions = (maxItems: number) => ({
  type: 'array',
  maxItems,
  'x-kubernetes-list-type': 'map',
  'x-kubernetes-list-map-keys': ['name'],
  items: { type: 'object', required: ['name', 'expression'], properties: { name, expression: name } },
});

const policySpec = {
  type: 'object',
  required: ['matchConstraints'],
  properties: {
    failurePolicy: { ...oneOf('Fail', 'Ignore'), default: 'Fail' },
    matchConstraints: {
      ...matchResources,
      required: ['resourceRules'],
      properties: { ...matchResources.properties, resourceRules: { ...resourceRules, minItems: 1 } },
    },
    matchConditions: namedExpressions(64),
    paramKind: {
      type: 'object',
      required: ['apiVersion', 'kind'],
      properties: { apiVersion: name, kind: name },
    },
    variables: namedExpressions(1024),
    validations: {
      type: 'array',
      items: {
        type: 'object',
        required: ['expression'],
        properties: {
          expression: name,
          // The API server refuses a message of several lines.
          message: { type: 'string', pattern: '^[^\\r\\n]*$' },
          messageExpression: string,
          reason: oneOf('Unauthorized', 'Forbidden', 'Invalid', 'RequestEntityTooLarge'),
        },
      },
    },
    auditAnnotations: {
      type: 'array',
      items: {
        type: 'object',
        required: ['key', 'valueExpression'],
        properties: { key: name, valueExpression: name },
      },
    },
  },
};

const bindingSpec = {
  type: 'object',
  required: ['policyName', 'validationActions'],
  properties: {
    policyName: name,
    validationActions: {
      type: 'array',
      minItems: 1,
      'x-kubernetes-list-type': 'set',
      items: oneOf('Deny', 'Warn', 'Audit'),
    },
    matchResources,
    paramRef: {
      type: 'object',
      required: ['parameterNotFoundAction'],
      properties: {
        name: string,
        namespace: string,
        selector: labelSelector,
        parameterNotFoundAction: oneOf('Allow', 'Deny'),
      },
    },
  },
};

const kind = (kindName: string, spec: unknown): Kind => ({
  group: 'admissionregistration.k8s.io',
  kind: kindName,
  namespaced: false,
  versions: [
    { name: 'v1', served: true, schema: { type: 'object', required: ['spec'], properties: { spec } } },
  ],
  file: 'Kubernetes',
});

/** Source: ValidatingAdmissionPolicy and its binding in the Kubernetes API reference (admissionregistration/v1). */
export const admissionKinds: readonly Kind[] = [
  kind('ValidatingAdmissionPolicy', policySpec),
  kind('ValidatingAdmissionPolicyBinding', bindingSpec),
];
