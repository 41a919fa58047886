import { describe, expect, it } from 'vitest';
import type { Mapping } from '../../../src/proof/files/store.ts';
import { type Told, told, whole, withObject } from './found.ts';
import { binding, namespace, policy, role, roleBinding, rule } from './platform.ts';

const unknown = (key: string, known: string, at = `${key}: x`) => [
  'proof-document',
  `"${key}" is something that the proof knows nothing about`,
  known,
  at,
];
const fieldsOfPolicy = 'failurePolicy, matchConstraints, matchConditions, variables, validations';
const fieldsOfMatch = 'matchPolicy, namespaceSelector, objectSelector, resourceRules, excludeResourceRules';
const fieldsOfRule = 'apiGroups, apiVersions, resources, operations, scope, resourceNames';
const annotations = 'argocd.argoproj.io/sync-options, eso-abac/guard, kustomize.toolkit.fluxcd.io/prune';
const match = (parts: Mapping) => ({ resourceRules: [rule()], ...parts });
const expression = (parts: Mapping = {}) => ({ name: 'one', expression: 'true', ...parts });

const policies: readonly (readonly [what: string, spec: Mapping, ...told: Told[]])[] = [
  ['a field', { other: 'x' }, unknown('other', fieldsOfPolicy)],
  ['parameters', { paramKind: 'x' }, unknown('paramKind', fieldsOfPolicy)],
  ['what is written down beside', { auditAnnotations: 'x' }, unknown('auditAnnotations', fieldsOfPolicy)],
  ['what is refused that it cannot judge', { failurePolicy: 'Fail' }],
  [
    'a message that is no expression',
    { validations: [{ expression: 'true', messageExpression: '"a" +' }] },
    [
      'proof-guard',
      expect.stringContaining('the API server refuses the policy: it may not know the expression: '),
      'CEL, to a text',
      `messageExpression: '"a" +'`,
    ],
  ],
  [
    'nothing that it is about',
    { matchConstraints: null },
    ['schema', expect.stringContaining('matchConstraints'), expect.anything(), expect.anything()],
  ],
  [
    'a reason that there is not',
    { validations: [{ expression: 'true', reason: 'Odd' }] },
    ['schema', expect.stringContaining('reason'), expect.anything(), 'reason: Odd'],
  ],
  [
    'what it cannot judge',
    { failurePolicy: 'Ignore' },
    [
      'proof-guard',
      'with failurePolicy Ignore a request passes that the policy cannot judge',
      'Fail',
      'failurePolicy: Ignore',
    ],
  ],
  [
    'a field of what it is about',
    { matchConstraints: match({ other: 'x' }) },
    unknown('other', fieldsOfMatch),
  ],
  [
    'one version of the API',
    { matchConstraints: match({ matchPolicy: 'Exact' }) },
    ['proof-guard', 'with matchPolicy Exact an equivalent API passes by', 'Equivalent', 'matchPolicy: Exact'],
  ],
  ['every version of the API', { matchConstraints: match({ matchPolicy: 'Equivalent' }) }],
  [
    'a field of a rule',
    { matchConstraints: match({ resourceRules: [rule(), rule({ other: 'x' })] }) },
    unknown('other', fieldsOfRule),
  ],
  [
    'a field of a rule that excludes',
    { matchConstraints: match({ excludeResourceRules: [{ other: 'x' }] }) },
    unknown('other', fieldsOfRule, '- other: x'),
  ],
  [
    'a rule with everything',
    { matchConstraints: match({ resourceRules: [rule({ scope: '*', resourceNames: [] })] }) },
  ],
  [
    'a field of a selector',
    { matchConstraints: match({ namespaceSelector: { other: 'x' } }) },
    unknown('other', 'matchLabels, matchExpressions'),
  ],
  [
    'a field of what a selector asks for',
    {
      matchConstraints: match({
        objectSelector: { matchExpressions: [{ key: 'a', operator: 'In', values: ['b'], other: 'x' }] },
      }),
    },
    unknown('other', 'key, operator, values'),
  ],
  [
    'a field of a condition',
    { matchConditions: [expression({ other: 'x' })] },
    unknown('other', 'name, expression'),
  ],
  [
    'a field of a variable',
    { variables: [expression({ other: 'x' })] },
    unknown('other', 'name, expression'),
  ],
  [
    'a field of a validation',
    { validations: [{ expression: 'true' }, { expression: 'true', other: 'x' }] },
    unknown('other', 'expression, message, messageExpression, reason'),
  ],
  [
    'a validation with all that one has',
    { validations: [{ expression: 'true', message: 'a', messageExpression: '"a"', reason: 'Forbidden' }] },
  ],
];

const objects: readonly (readonly [what: string, object: Mapping, ...told: Told[]])[] = [
  ...policies.map(([what, spec, ...of]) => [`a policy: ${what}`, policy(spec), ...of] as const),
  ['a field of an object', { ...policy(), other: 'x' }, unknown('other', 'apiVersion, kind, metadata, spec')],
  ['a field of a Namespace', { ...namespace(), spec: 'x' }, unknown('spec', 'apiVersion, kind, metadata')],
  [
    'a field of a role',
    role({ aggregationRule: 'x' }),
    unknown('aggregationRule', 'apiVersion, kind, metadata, rules'),
  ],
  [
    'a field of a binding of roles',
    roleBinding({ other: 'x' }),
    unknown('other', 'apiVersion, kind, metadata, roleRef, subjects'),
  ],
  [
    'metadata',
    { ...policy(), metadata: { name: 'stores', finalizers: 'x' } },
    unknown('finalizers', 'name, labels, annotations'),
  ],
  [
    'an annotation',
    { ...policy(), metadata: { name: 'stores', annotations: { other: 'x' } } },
    unknown('other', annotations),
  ],
  [
    'annotations by which engines never take it away',
    {
      ...policy(),
      metadata: {
        name: 'stores',
        annotations: {
          'argocd.argoproj.io/sync-options': 'Prune=false',
          'kustomize.toolkit.fluxcd.io/prune': 'disabled',
        },
      },
    },
    ...[
      ['argocd.argoproj.io/sync-options', 'Prune=false'],
      ['kustomize.toolkit.fluxcd.io/prune', 'disabled'],
    ].map(
      ([key, value]) =>
        [
          'proof-document',
          `"${key}" may keep the object from being applied, or taken away`,
          'other keys',
          `${key}: ${value}`,
        ] as const,
    ),
  ],
  [
    'a binding of a name that others have',
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: 'cluster-admin' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'eso-abac-deployer' },
      subjects: [],
    },
    [
      'proof-guard',
      'a binding "cluster-admin" may be there already, and no binding gets another role',
      'a name that begins with eso-abac-',
      'name: cluster-admin',
    ],
  ],
  [
    'an annotation of an engine that is not known, once',
    { ...policy(), metadata: { name: 'stores', annotations: { 'argocd.argoproj.io/hook': 'Skip' } } },
    [
      'proof-document',
      '"argocd.argoproj.io/hook" may keep the object from being applied, or taken away',
      'other keys',
      'argocd.argoproj.io/hook: Skip',
    ],
  ],
  [
    'an annotation of an engine that may be on other objects',
    { ...policy(), metadata: { name: 'stores', annotations: { 'argocd.argoproj.io/sync-wave': '1' } } },
    unknown('argocd.argoproj.io/sync-wave', annotations, "argocd.argoproj.io/sync-wave: '1'"),
  ],
  [
    'a label of a role, which can make it part of another',
    role({
      metadata: { name: 'eso-abac-deployer', labels: { 'app.kubernetes.io/managed-by': 'a', other: 'x' } },
    }),
    [
      'proof-guard',
      '"other" is something that the proof knows nothing about',
      'app.kubernetes.io/managed-by',
      'other: x',
    ],
  ],
  [
    'another version',
    { ...policy(), apiVersion: 'admissionregistration.k8s.io/v1beta1' },
    [
      'proof-document',
      'an object that the proof knows nothing about: ValidatingAdmissionPolicy of admissionregistration.k8s.io/v1beta1',
      'ValidatingAdmissionPolicy, ValidatingAdmissionPolicyBinding, ClusterRole, ClusterRoleBinding, Namespace',
      'kind: ValidatingAdmissionPolicy',
    ],
    ['proof-guard', 'there is no policy "stores"', '', 'policyName: stores'],
  ],
  [
    'a field of a binding',
    binding({ paramRef: 'x' }),
    unknown('paramRef', 'policyName, validationActions, matchResources'),
  ],
  [
    'a field of what a binding is about',
    binding({ matchResources: { other: 'x' } }),
    unknown('other', fieldsOfMatch),
  ],
  [
    'a binding of another policy',
    binding({ policyName: 'other' }),
    [
      'proof-guard',
      'no binding makes the policy "stores" deny anything',
      'a ValidatingAdmissionPolicyBinding with validationActions [Deny]',
      'name: stores',
    ],
    ['proof-guard', 'there is no policy "other"', 'stores', 'policyName: other'],
  ],
  [
    'a binding that only warns',
    binding({ validationActions: ['Warn', 'Audit'] }),
    ['proof-guard', 'with the actions Warn, Audit nothing is denied', 'Deny', 'validationActions:'],
  ],
  ['a binding that denies as well', binding({ validationActions: ['Audit', 'Deny'] })],
];

const rights: readonly (readonly [what: string, right: Mapping, told?: string])[] = [
  [
    'to read what the operator is told',
    { apiGroups: ['external-secrets.io'], resources: ['*'], verbs: ['get', 'list', 'watch'] },
  ],
  [
    'on one name',
    { apiGroups: ['eso-abac'], resources: ['identities'], verbs: ['claim'], resourceNames: ['a'] },
    'claim on identities named a of eso-abac',
  ],
  [
    'without verbs',
    { apiGroups: ['eso-abac'], resources: ['identities'], verbs: 'claim' },
    'nothing on identities of eso-abac',
  ],
  [
    'to write it',
    { apiGroups: ['external-secrets.io'], resources: ['a', 'b'], verbs: ['get', 'create'] },
    'get, create on a, b of external-secrets.io',
  ],
  [
    'of another group',
    { apiGroups: ['external-secrets.io', 'apps'], resources: ['a'], verbs: ['get'] },
    'get on a of external-secrets.io, apps',
  ],
  ['of the core group', { apiGroups: [''], resources: ['pods'], verbs: ['get'] }, 'get on pods of core'],
  [
    'to claim and more',
    { apiGroups: ['eso-abac'], resources: ['identities'], verbs: ['claim', '*'] },
    'claim, * on identities of eso-abac',
  ],
  [
    'to claim other things',
    { apiGroups: ['eso-abac'], resources: ['identities', 'others'], verbs: ['claim'] },
    'claim on identities, others of eso-abac',
  ],
  [
    'to claim what is of others',
    { apiGroups: ['eso-abac', 'x'], resources: ['identities'], verbs: ['claim'] },
    'claim on identities of eso-abac, x',
  ],
];

const subjects: readonly (readonly [what: string, name: string, isEverybody: boolean])[] = [
  ['all who are known', 'system:authenticated', true],
  ['all who are not', 'system:unauthenticated', true],
  ['every program', 'system:serviceaccounts', true],
  ['nobody in particular', 'system:anonymous', true],
  ['the programs of one namespace', 'system:serviceaccounts:ci', false],
];

/** What a role may give beside the right to claim. */
const reading = { apiGroups: ['external-secrets.io'], resources: ['secretstores'], verbs: ['get'] };

describe('what is wrong with objects of the platform', () => {
  it('nothing, usually', () => {
    expect(told(whole)).toEqual([]);
  });

  it.each(objects)('%s', (_, object, ...expected) => {
    expect(told(withObject(object as Mapping))).toEqual(expected);
  });

  it.each(rights)('a right %s', (_, right, ...expected) => {
    const { rules } = role() as { rules: Mapping[] };
    const found = told(withObject(role({ rules: [...rules, right] })));
    expect(found).toEqual(
      expected.map((gives) => [
        'proof-guard',
        `the role "eso-abac-deployer" gives ${gives}`,
        "claim on identities of eso-abac; get, list, watch on what is external-secrets.io's",
        '- apiGroups:',
      ]),
    );
  });

  it('a field of a right', () => {
    const [right] = role().rules as Mapping[];
    expect(told(withObject(role({ rules: [{ ...right, nonResourceURLs: 'x' }] })))).toEqual([
      unknown('nonResourceURLs', 'apiGroups, resources, verbs, resourceNames'),
    ]);
  });

  it.each(subjects)('a role for %s', (_, name, isEverybody) => {
    const subject = { kind: 'Group', name };
    const everybody = [
      'proof-guard',
      `${name} is everybody, tenants too`,
      'those who deploy',
      '- kind: Group',
    ];
    const found = told(withObject(roleBinding({ subjects: [{ kind: 'User', name: 'ci' }, subject] })));
    expect(found).toEqual(isEverybody ? [everybody] : []);
  });

  it('a field of a subject', () => {
    const subjects = [{ kind: 'ServiceAccount', apiGroup: '', name: 'a', namespace: 'b', other: 'x' }];
    expect(told(withObject(roleBinding({ subjects })))).toEqual([
      unknown('other', 'kind, apiGroup, name, namespace'),
    ]);
  });

  it('a role from elsewhere', () => {
    const roleRef = { kind: 'ClusterRole', name: 'admin' };
    expect(
      told([
        ...withObject(roleBinding({ roleRef })),
        role({ metadata: { name: 'reader' }, rules: [reading] }),
      ]),
    ).toEqual([
      ['proof-guard', 'the role "admin" is not in dist', 'eso-abac-deployer, reader', 'name: admin'],
    ]);
  });

  it('two of one name', () => {
    expect(told([...whole, role(), role({ metadata: { name: 'stores' }, rules: [reading] })])).toEqual([
      [
        'proof-guard',
        'a second ClusterRole "eso-abac-deployer" replaces the first',
        'each once',
        'name: eso-abac-deployer',
      ],
    ]);
  });

  it.each(['Secret', 'toString'])('an object of another kind: %s', (kind) => {
    const other = { apiVersion: 'v1', kind, metadata: { name: 'a' } };
    expect(told([...whole, other])).toEqual([
      [
        'proof-document',
        `an object that the proof knows nothing about: ${kind} of v1`,
        'ValidatingAdmissionPolicy, ValidatingAdmissionPolicyBinding, ClusterRole, ClusterRoleBinding, Namespace',
        `kind: ${kind}`,
      ],
    ]);
  });
});
