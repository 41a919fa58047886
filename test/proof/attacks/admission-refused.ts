import { one, platform, policy, stores, unless, validations } from './admission.ts';
import type { Attack } from './attack.ts';
import { type Change, type Json, type JsonObject, manifest, manifests, text } from './change.ts';

const rbac = `${platform}/rbac.yaml`;
const refused = 'the API server refuses';
const here = { rule: 'proof-guard', file: stores } as const;

const validation = (patch: JsonObject): Change => manifest(stores, policy, ['spec', 'validations', 0], patch);
/** Puts something in front of the first validation that the API server does not take, and comes to nothing. */
const beside = (expression: string): Change => whole((known) => `${expression} || (${known})`);
const whole = (of: (known: string) => string): Change =>
  manifest(stores, policy, ['spec', 'validations', 0], (before) => {
    const known = before as JsonObject;
    return { ...known, expression: of(String(known.expression)) };
  });
const variable = (name: string, expression: string): Change =>
  manifest(stores, policy, ['spec', 'variables'], (all) => [
    ...(all as readonly Json[]),
    { name, expression },
  ]);
const rule = (patch: JsonObject): Change =>
  manifest(stores, policy, ['spec', 'matchConstraints', 'resourceRules', 0], patch);

const mayClaim = "authorizer.group('eso-abac').resource('identities').check('claim').allowed()";

/** Expressions that the proof could evaluate, and for which the API server knows no type. */
const untyped: readonly (readonly [name: string, change: Change, says: string])[] = [
  ['A field that no request has', beside('has(request.labels)'), 'there is no request.labels'],
  [
    'A field that no Namespace has',
    beside('has(namespaceObject.metadata.spec)'),
    'there is no namespaceObject.metadata.spec',
  ],
  [
    'A question to the authorizer in another order',
    beside("authorizer.group('eso-abac').check('claim').allowed()"),
    'no matching overload',
  ],
  ['A list of numbers and texts', variable('mixed', "[1, 'a']"), 'same type'],
  ['A truth compared with a text', variable('odd', "variables.isTenant == 'x'"), 'no such overload'],
  [
    'A fallback of another type than what it is compared with',
    beside("object.spec[?'controller'].orValue({}) == 'x'"),
    'no such overload',
  ],
  ['A truth among texts', beside("object.kind == 'x' in ['x']"), 'no such overload'],
  [
    'A message that may be no text',
    validation({ messageExpression: "object.metadata.?generateName.orValue('')" }),
    'the expression comes to dyn',
  ],
  [
    'A validation that may be neither true nor false',
    validation({ expression: 'dyn(false)' }),
    'comes to dyn',
  ],
  [
    'A message that asks the authorizer',
    validation({ messageExpression: `${mayClaim} ? 'x' : 'y'` }),
    'it does not see authorizer',
  ],
  ['A message that is a number', validation({ messageExpression: '1' }), 'the expression comes to int'],
  ['A message that may be anything', validation({ messageExpression: 'object.spec' }), 'comes to dyn'],
  ['A validation that may be anything', whole((known) => `dyn(${known})`), 'comes to dyn'],
];

/** What the evaluator can read and CEL cannot. */
const unreadable: readonly (readonly [name: string, expression: string, says: string])[] = [
  ['A number of more than 64 bits', 'object == 9223372036854775808', 'such a number'],
  ['A number with an X', 'object == 0X1F', 'such a number'],
  ['A minus after an exclamation mark', '!-object', 'a sign before what is no number'],
];

/** What costs more than the API server spends on a request: with `failurePolicy: Fail` it refuses it. */
const costly: readonly (readonly [name: string, change: Change, says: string])[] = [
  [
    'Macros, three deep',
    beside(`object.spec.all(a, object.spec.all(b, object.spec.all(c, c == 'x')))`),
    'a macro in a macro in a macro is not covered',
  ],
  [
    'Three questions to the authorizer in an expression',
    beside(Array(3).fill(mayClaim).join(' || ')),
    'asking the authorizer so often is not covered',
  ],
  [
    'A question to the authorizer for each of some',
    beside(`['x', 'y', 'z'].exists(one, ${mayClaim})`),
    'asking the authorizer so often is not covered',
  ],
  [
    'Eight questions to the authorizer in a policy',
    validations(stores, (before) => `${mayClaim} || ${before}`),
    'asks the authorizer more often than the API server spends on it',
  ],
];

/** Policies that the API server does not take, so that nothing judges SecretStores. */
export const admissionRefused: readonly Attack[] = [
  ...untyped.map(
    ([name, change, says]): Attack => ({
      ...one,
      name,
      does: 'the API server refuses the policy',
      change,
      finds: { ...here, at: '', says },
    }),
  ),
  ...unreadable.map(
    ([name, expression, says]): Attack => ({
      ...one,
      name,
      does: 'the API server refuses the policy',
      change: beside(expression),
      finds: { rule: 'policy-unknown', file: stores, at: '', says },
    }),
  ),
  ...costly.map(
    ([name, change, says]): Attack => ({
      ...one,
      name,
      does: 'the API server spends no more on it, and refuses what owners need',
      change,
      finds: { rule: 'policy-unknown', file: stores, at: '', says },
    }),
  ),
  {
    ...one,
    name: 'A label that is a word of YAML 1.1',
    does: 'to Kubernetes it is true and no text, and it refuses the policy',
    change: text(stores, '  labels:\n', '  labels:\n    some: yes\n'),
    finds: {
      rule: 'proof-document',
      file: stores,
      at: 'some',
      says: '"metadata.labels.some" is "yes" to some readers of YAML, and true to others',
      also: ['proof-guard'],
    },
  },
  {
    ...one,
    name: 'A key far from its colon',
    does: 'Kubernetes cannot read the file',
    change: text(stores, 'spec:\n', `spec${' '.repeat(1100)}:\n`),
    finds: {
      rule: 'proof-document',
      file: stores,
      at: 'spec',
      says: 'a key too far from its colon',
      also: ['proof-guard'],
    },
  },
  {
    ...one,
    name: 'A tab in a manifest',
    does: 'Kubernetes cannot read the file',
    change: text(stores, 'namespaceSelector: {}', 'namespaceSelector: {\n\t}'),
    finds: {
      rule: 'proof-document',
      file: stores,
      at: '',
      says: 'a tab or another control character',
      also: ['proof-guard'],
    },
  },
  ...(
    [
      ['A label that is more than any number', 'some: .inf', 'is not the same to every reader'],
      ['A label without a name', '~: some', 'is not the same to every reader'],
      ['A label with an odd anchor', 'some: &!', 'an anchor'],
      ['A comment with a bell', '# \u0007', 'control character'],
    ] as const
  ).map(
    ([name, label, says]): Attack => ({
      ...one,
      name,
      does: 'Kubernetes cannot read the file, and nothing judges SecretStores',
      change: text(stores, '  labels:\n', `  labels:\n    ${label}\n`),
      finds: { rule: 'proof-document', file: stores, at: '', says, also: ['proof-guard'] },
    }),
  ),
  {
    ...one,
    name: 'An expression of more than 100,000 characters',
    does: 'the API server refuses the policy',
    change: beside(`${' '.repeat(100_000)}false`),
    finds: { rule: 'policy-unknown', file: stores, at: '', says: 'it is too long' },
  },
  {
    ...one,
    name: 'A message of more than a megabyte',
    does: 'the API server cannot keep the policy',
    change: validation({ message: 'x'.repeat(1_000_000) }),
    finds: { rule: 'proof-document', file: stores, at: '', says: 'a file of more than a megabyte' },
  },
  {
    ...one,
    name: 'A variable with a name that CEL keeps for itself',
    does: 'the API server refuses the policy',
    change: variable('for', 'true'),
    finds: { ...here, at: 'for', says: `${refused} the policy: "for" is no name` },
  },
  {
    ...one,
    name: 'A validation without message',
    does: 'the API server wants one where the expression has several lines',
    change: validation({ message: null, messageExpression: null }),
    finds: { ...here, at: 'expression', says: `${refused} the policy: there is no message` },
  },
  {
    ...one,
    name: 'Every group, and one',
    does: 'the API server refuses the policy',
    change: rule({ apiGroups: ['*', 'external-secrets.io'] }),
    finds: { ...here, at: 'apiGroups', says: `${refused} it: * beside others of its like` },
  },
  {
    ...one,
    name: 'All subresources, and one',
    does: 'the API server refuses the policy',
    change: rule({ resources: ['secretstores', 'secretstores/*', 'secretstores/status'] }),
    finds: { ...here, at: 'secretstores/*', says: `${refused} it: secretstores/* beside others of its like` },
  },
  {
    ...one,
    name: 'All subresources, twice',
    does: 'the API server refuses the policy',
    change: rule({ resources: ['secretstores', 'secretstores/*', 'secretstores/*'] }),
    finds: { ...here, at: 'secretstores/*', says: `${refused} it: secretstores/* beside others of its like` },
  },
  {
    ...one,
    name: 'A name that stands twice in a rule that leaves out',
    does: 'the API server refuses the policy',
    change: manifest(stores, policy, ['spec', 'matchConstraints'], {
      excludeResourceRules: [
        {
          apiGroups: ['example.com'],
          apiVersions: ['*'],
          operations: ['*'],
          resources: ['some'],
          resourceNames: ['a', 'a'],
        },
      ],
    }),
    finds: { ...here, at: 'example.com', says: `${refused} it: the name "a" beside others of its like` },
  },
  {
    ...one,
    name: 'A selector without values',
    does: 'the API server refuses the policy',
    change: manifest(stores, policy, ['spec', 'matchConstraints'], {
      objectSelector: { matchExpressions: [{ key: 'a', operator: 'NotIn', values: [] }] },
    }),
    finds: { ...here, at: 'NotIn', says: `${refused} it: NotIn with 0 values` },
  },
  {
    ...one,
    name: 'A selector of what is no label',
    does: 'the API server refuses the policy',
    change: manifest(stores, policy, ['spec', 'matchConstraints'], {
      namespaceSelector: { matchExpressions: [{ key: 'a b', operator: 'DoesNotExist' }] },
    }),
    finds: { ...here, at: 'a b', says: `${refused} it: "a b" or what it is compared with is no label` },
  },
  {
    ...one,
    name: 'A selector of a value that no label has',
    does: 'the API server refuses the policy',
    change: manifest(stores, policy, ['spec', 'matchConstraints'], {
      objectSelector: { matchExpressions: [{ key: 'a', operator: 'NotIn', values: ['b c'] }] },
    }),
    finds: { ...here, at: 'NotIn', says: `${refused} it: "a" or what it is compared with is no label` },
  },
  {
    ...one,
    name: 'A character that counts for two',
    does: 'to Kubernetes the comparison holds, and every store is let through',
    change: manifest(stores, policy, ['spec', 'validations'], (all) =>
      (all as readonly JsonObject[]).map(
        (before): Json => ({
          ...before,
          expression: `'😀x'.substring(1) == 'x' || (${String(before.expression)})`,
        }),
      ),
    ),
    finds: { rule: 'policy-unknown', file: stores, at: '', says: 'a character that CEL may read otherwise' },
  },
  {
    ...one,
    name: 'A raw text that ends with a backslash',
    does: 'to Kubernetes the text ends there, and what follows lets every store through',
    change: unless(stores, "object.kind == r'\\' || true || object.kind == ' // '\n"),
    finds: { rule: 'policy-unknown', file: stores, at: '', says: 'a raw text with a backslash' },
  },
  {
    ...one,
    name: 'A role of Kubernetes that may claim',
    does: 'Kubernetes has bound it to everybody, and every tenant deploys',
    change: manifests(rbac, (objects) => [
      ...objects,
      { ...objects[0], metadata: { name: 'system:basic-user' } } as JsonObject,
    ]),
    finds: {
      rule: 'proof-guard',
      file: rbac,
      at: 'system:basic-user',
      says: 'others than deployers may be bound',
    },
  },
  {
    ...one,
    name: 'The role of tenants may claim',
    does: 'a tenant deploys that has the role in the whole cluster',
    change: manifests(rbac, ([deployer, ...others]) => {
      const rules = deployer?.rules as Json[];
      return [
        deployer as JsonObject,
        ...others.map((object) => ({ ...object, rules: [...(object.rules as Json[]), ...rules] })),
      ];
    }),
    finds: {
      rule: 'proof-guard',
      file: rbac,
      at: 'eso-abac-tenant',
      says: 'others than deployers may be bound',
    },
  },
];
