import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Mapping } from '../../../src/proof/files/store.ts';
import { compile } from '../../../src/proof/guard/cel.ts';
import type { AdmissionRequest, Sample } from '../../../src/proof/guard/model.ts';
import {
  creation,
  deletion,
  kinds,
  namespaceNamed,
  patched,
  update,
} from '../../../src/proof/guard/requests.ts';
import { moreThanTried, uncovered, variantsOf } from '../../../src/proof/guard/witnesses.ts';
import { binding, guardOf, namespace, policy, role, roleBinding, rule } from './platform.ts';
import { sampleOf } from './service.ts';
import { linesOf } from './written.ts';

const requestsOf = (sample: Sample): Readonly<Record<string, AdmissionRequest>> => {
  const [store = {}] = sample.stores;
  const [secret = {}] = sample.externalSecrets;
  const sandbox = namespaceNamed('sandbox');
  return {
    'a SecretStore': creation(kinds.SecretStore, store, sample.namespace),
    'a SecretStore that changes': update(kinds.SecretStore, store, store, sample.namespace),
    'a SecretStore elsewhere': creation(kinds.SecretStore, store, sandbox),
    'an ExternalSecret': creation(kinds.ExternalSecret, secret, sample.namespace),
    'an ExternalSecret that goes': deletion(kinds.ExternalSecret, secret, sample.namespace),
    'a Namespace': update(kinds.Namespace, sandbox, sandbox, null),
    'a labelled SecretStore': creation(
      kinds.SecretStore,
      patched(store, { metadata: { labels: { a: 'b' }, annotations: { c: 'd' } } }),
      sample.namespace,
    ),
    'an annotated ExternalSecret': creation(
      kinds.ExternalSecret,
      patched(secret, { metadata: { annotations: { 'kubernetes.io/service-account.name': 'a' } } }),
      sample.namespace,
    ),
    'a binding': creation(kinds.ClusterRoleBinding, { metadata: { name: 'a' } }, null),
    'a role': creation(kinds.ClusterRole, { metadata: { name: 'a' }, rules: [] }, null),
  };
};

const anything = rule({ apiGroups: ['*'], resources: ['*'], operations: ['*'] });
const where = (parts: Mapping) => ({ matchConstraints: { resourceRules: [anything], ...parts } });
const looking = (...texts: readonly string[]) =>
  policy({ ...where({}), validations: texts.map((expression) => ({ expression })) });
const about = (field: string, ...values: readonly string[]) =>
  looking(...(values.length === 0 ? ['a'] : values).map((value) => `${field} == '${value}'`));
const withVariable = (expression: string, validation: string) =>
  policy({
    ...where({}),
    variables: [
      { name: 'some', expression },
      { name: 'itself', expression: 'variables.itself' },
      { name: 'by', expression: 'variables.some' },
    ],
    validations: [{ expression: validation }],
  });
const expressions = (...keys: Mapping[]) => ({ matchExpressions: keys });
const kube = 'kubernetes.io/metadata.name';

/** Of a policy with one thing that it looks at: which of the requests are tried in which ways. */
const looks: readonly (readonly [what: string, of: Mapping, asked: readonly string[], bound?: Mapping])[] = [
  ['nothing', about('object.spec'), ['a SecretStore']],
  ['who asks', about('request.userInfo.username'), ['a SecretStore']],
  ['a deployer who asks', about('request.userInfo.username', 'ci'), ['a role']],
  [
    'the operator who asks',
    about('request.userInfo.username', 'system:serviceaccount:external-secrets:eso'),
    ['a role'],
  ],
  [
    'a program beside the operator',
    about('request.userInfo.username', 'system:serviceaccount:external:eso'),
    ['a role'],
  ],
  [
    'groups',
    policy({
      ...where({}),
      validations: ['b', 'system:masters'].map((group) => ({
        expression: `'${group}' in request.userInfo.groups`,
      })),
    }),
    ['a SecretStore'],
  ],
  [
    'a name',
    about('object.metadata.name'),
    [
      'a SecretStore',
      'a SecretStore elsewhere',
      'an ExternalSecret',
      'an ExternalSecret that goes',
      'a Namespace',
      'a role',
      'a binding',
    ],
  ],
  [
    'a part of a name',
    looking("object.metadata.name.startsWith('b-')", "object.metadata.name == 'a'"),
    ['a SecretStore that changes'],
  ],
  ['a name that is put together', looking("object.metadata.name == 'ad' + 'min'"), ['a SecretStore']],
  [
    'a namespace',
    about('request.namespace', 'kube-system', 'my-kube-x'),
    ['a SecretStore', 'a SecretStore elsewhere', 'a Namespace'],
  ],
  [
    'a namespace by the label with its name',
    about('namespaceObject.metadata.labels["kubernetes.io/metadata.name"]', 'a'),
    ['a SecretStore', 'a SecretStore elsewhere', 'a Namespace'],
  ],
  ['a name to be made', about('object.metadata.generateName'), ['a SecretStore']],
  ['a version', about('request.resource.version', 'v1beta1', 'xv1', 'v'), ['a SecretStore', 'a role']],
  [
    'a version of the object',
    about('object.apiVersion', 'external-secrets.io/v1beta1', 'apps/v1', 'external-secrets.io'),
    ['a SecretStore', 'a SecretStore that changes', 'a role'],
  ],
  ['a dry run', looking('request.dryRun == true'), ['a SecretStore']],
  [
    'finalizers',
    looking("'b' in object.metadata.finalizers", "object.metadata.finalizers == ['a']"),
    ['a SecretStore that changes'],
  ],
  [
    'keys among all that there are',
    policy({
      ...where({}),
      matchConditions: [{ name: 'any', expression: "object.spec.all(key, key != 'fromCondition')" }],
      variables: [{ name: 'some', expression: "object.spec.exists(key, key == 'fromVariable')" }],
      validations: [
        { expression: "object.spec.exists(key, key in ['retry', 'provider', 'a', '1ab', 'a-b'])" },
        { expression: "object.spec.refreshInterval == 'notAKey'" },
      ],
    }),
    ['a SecretStore', 'an ExternalSecret', 'an ExternalSecret that goes', 'a role'],
  ],
  [
    'a name by a variable',
    withVariable('object.metadata.name', "variables.by == 'a'"),
    ['a role', 'a SecretStore'],
  ],
  [
    'a name by a condition',
    withVariable("object.metadata.name == 'a'", 'variables.by && variables.itself'),
    ['a SecretStore'],
  ],
];

/** The same for labels and annotations. */
const labelling: typeof looks = [
  ['labels', about('object.metadata.labels["team"]'), ['a SecretStore', 'a Namespace']],
  [
    'labels of ours',
    looking(
      "namespaceObject.metadata.labels['eso-abac/other'] == 'b'",
      "'shared.eso-abac/x' in object.metadata.labels",
    ),
    ['a SecretStore elsewhere', 'a Namespace'],
  ],
  [
    'annotations',
    looking(
      "object.metadata.annotations.exists(key, key in ['kubernetes.io/a', 'kubernetes.io/service-account.a', 'x/y-1', 'x/y/z', 'z-'])",
      "object.metadata.annotations['valueOf'] == 'toString'",
    ),
    ['a labelled SecretStore', 'an annotated ExternalSecret'],
  ],
];

/** The same for what a policy or a binding matches. */
const matching: typeof looks = [
  [
    'namespaces with a label',
    policy(where({ namespaceSelector: { matchLabels: { team: 'a' } } })),
    ['a SecretStore', 'a SecretStore elsewhere', 'a Namespace', 'a role'],
  ],
  [
    'namespaces of ours',
    policy(
      where({ namespaceSelector: { matchLabels: { 'eso-abac/service': 'a', 'shared.eso-abac/a': 'true' } } }),
    ),
    ['a SecretStore'],
  ],
  [
    'some namespaces',
    policy(
      where({
        namespaceSelector: expressions({ key: kube, operator: 'NotIn', values: ['a', 'kube-system'] }),
      }),
    ),
    ['a SecretStore', 'a SecretStore elsewhere', 'a Namespace'],
  ],
  [
    'that a namespace has a name',
    policy(where({ namespaceSelector: expressions({ key: kube, operator: 'Exists' }) })),
    ['a SecretStore elsewhere', 'a Namespace'],
  ],
  [
    'some values',
    policy(where({ objectSelector: expressions({ key: 'team', operator: 'In', values: ['a', 'b'] }) })),
    ['a SecretStore that changes'],
  ],
  [
    'other values',
    policy(where({ objectSelector: expressions({ key: 'team', operator: 'NotIn', values: ['a', 'b'] }) })),
    ['a SecretStore'],
  ],
  [
    'that there is a label',
    policy(where({ objectSelector: expressions({ key: 'team', operator: 'Exists' }) })),
    ['a SecretStore'],
  ],
  [
    'that there is none',
    policy(where({ objectSelector: expressions({ key: 'team', operator: 'DoesNotExist' }) })),
    ['a SecretStore'],
  ],
  [
    'names',
    policy(
      where({
        resourceRules: [{ ...anything, resourceNames: ['a'] }],
        excludeResourceRules: [{ ...anything, resourceNames: ['b'] }],
      }),
    ),
    ['a SecretStore', 'a role'],
  ],
  [
    'a binding',
    policy(where({})),
    ['a SecretStore'],
    binding({ matchResources: { objectSelector: { matchLabels: { team: 'a' } } } }),
  ],
  [
    'other kinds',
    policy({ matchConstraints: { resourceRules: [rule()], objectSelector: { matchLabels: { team: 'a' } } } }),
    ['a role', 'a SecretStore'],
  ],
];

/** The ways that one case is tried, as text. */
function told([what, of, asked, bound = binding()]: (typeof looks)[number]): string {
  const sample = sampleOf();
  const requests = requestsOf(sample);
  const guard = guardOf(of, bound, role(), roleBinding(), namespace());
  const texts = guard.policies.flatMap((one) => [...one.variables, ...one.validations]);
  // A variable that looks at itself is not taken, and looks of it end all the same.
  const others = guard.findings.filter(
    ({ message }) => !message.includes('it does not see variables.itself'),
  );
  expect([...others, ...texts.flatMap(({ text }) => compile(text).problem ?? [])]).toEqual([]);
  const ways = asked.flatMap((name) => {
    const request = requests[name] ?? expect.fail(name);
    const variants = variantsOf({ what: name, request }, [], guard).filter(({ how }) => !/x{200}/.test(how));
    return variants.length === 0
      ? [`  ${name}: in no other way`]
      : variants.flatMap(({ how, request: one }) => [
          `  ${name}, ${how}`,
          ...linesOf(one, sample).map((line) => `  ${line}`),
        ]);
  });
  return `a policy that looks at ${what}\n${ways.join('\n')}\n`;
}

it.each([
  ['variants-by-looks', looks],
  ['variants-by-labels', labelling],
  ['variants-by-matching', matching],
])('%s', (name, cases) => {
  const file = new URL(`tried/${name}.txt`, import.meta.url);
  const text = cases.map(told).join('');
  if (process.env.UPDATE === '1') writeFileSync(file, text);
  expect(text).toBe(readFileSync(file, 'utf8'));
});

it('a long text is tried with all others', () => {
  const request = requestsOf(sampleOf())['a SecretStore'] ?? expect.fail();
  const ways = variantsOf({ what: 'it', request }, [], guardOf(about('object.metadata.name'), binding()));
  expect(ways.map(({ how }) => how.length)).toEqual(
    [
      'with more metadata',
      ...['ledger', 'prod', 'a', 'x', 'x'.repeat(200)].map((name) => `with name ${name}`),
      'with all that a policy asks for at once',
    ].map(({ length }) => length),
  );
});

it('nobody is the operator where nothing says which namespace it is in', () => {
  const request = requestsOf(sampleOf())['a SecretStore'] ?? expect.fail();
  const name = 'system:serviceaccount::eso';
  const guard = guardOf(about('request.userInfo.username', name), binding());
  expect(guard.operatorNamespace).toBe('');
  const users = variantsOf({ what: 'it', request }, [], guard).map((one) => one.request.user.username);
  expect(users).toContain(name);
});

it('what several validations refuse is tried past all of them at once', () => {
  const request = requestsOf(sampleOf())['a SecretStore'] ?? expect.fail();
  const guard = guardOf(
    looking("object.metadata.name == 'a'", "'b' in object.metadata.labels"),
    binding(),
    namespace(),
  );
  const refusals = guard.policies.flatMap((one) => [0, 1].map((validation) => ({ policy: one, validation })));
  const past = (some: typeof refusals) =>
    variantsOf({ what: 'it', request }, some, guard).flatMap(({ how, request: { object } }) =>
      how === 'with all that policies ask for at once' ? [object?.metadata] : [],
    );
  expect(past(refusals)).toEqual([{ name: 'a', namespace: 'ledger', labels: { b: 'x' } }]);
  expect(past(refusals.slice(1))).toEqual([]);
});

describe('what no forgery varies', () => {
  it.each([
    ['a field of the object', 'object.metadata.uid == "a" && object.metadata.uid == "b"', ['uid']],
    ['fields that are varied', 'object.metadata.name == object.spec.provider.aws.region', []],
    [
      'a label of ours',
      'namespaceObject.metadata.labels["eso-abac/a"] == namespaceObject.metadata.labels["shared.eso-abac/b"]',
      [],
    ],
    [
      'labels of others',
      'object.metadata.labels["other.eso-abac/a"] == object.metadata.labels["a/eso-abac/"]',
      ['other.eso-abac/a', 'a/eso-abac/'],
    ],
    ['a variable of its own', 'variables.some == variables.none', ['none']],
    ['a field of every object of JavaScript', 'object.metadata.toString == "a"', ['toString']],
  ])('%s', (_, expression, fields) => {
    const variables = [{ name: 'some', expression: 'true' }];
    const [read] = guardOf(policy({ variables, validations: [{ expression }] })).policies;
    expect(read && uncovered(read)).toEqual(fields);
  });

  it('more that comes together than is tried', () => {
    const names = JSON.stringify(Array.from({ length: 40 }, (_, index) => `n${index}`));
    const [read] = guardOf(
      looking(`object.metadata.name in ${names} && object.metadata.generateName in ${names}`),
    ).policies;
    expect(read && uncovered(read)).toEqual([moreThanTried]);
  });

  it('in conditions and variables', () => {
    const matchConditions = [{ name: 'one', expression: 'has(object.a)' }];
    const variables = [{ name: 'some', expression: 'object.b' }];
    const [read] = guardOf(policy({ variables, matchConditions })).policies;
    expect(read && uncovered(read)).toEqual(['a', 'b']);
  });
});
