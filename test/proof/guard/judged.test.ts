import { describe, expect, it } from 'vitest';
import type { Mapping } from '../../../src/proof/files/store.ts';
import { judged, judgedIn } from './judged.ts';
import { binding, namespace, platformOf, policy, role, roleBinding, rule } from './platform.ts';
import { sampleOf } from './service.ts';

const own = 'arn:aws:iam::111122223333:role/access';
const hasOwnRole = `object.?spec.?provider.?aws.?role.orValue('${own}') in ['of-before', '${own}']`;
const mayClaim = "authorizer.group('eso-abac').resource('identities').check('claim').allowed()";
const anything = rule({ apiGroups: ['*'], resources: ['*/*'], operations: ['*'] });
const all = { matchConstraints: { resourceRules: [anything] } };

const aboutOthers = { matchConstraints: { resourceRules: [rule({ resources: ['others'] })] } };

/** A policy with one validation. */
const validating = (expression: string, spec: Mapping = {}, name = 'stores') =>
  policy({ validations: [{ expression }], ...spec }, name);

/** A policy about everything, that deployers get past, and others where an expression says so. */
const closedBut = (expression: string) => [
  validating(`${mayClaim} || ${expression}`, {
    matchConstraints: { resourceRules: [{ ...anything, resources: ['secretstores'] }, anything] },
  }),
  binding(),
  role(),
  roleBinding(),
  namespace(),
];

/** Each finding: what is wrong, and the file and line that it points at. */
function told(objects: readonly Mapping[]) {
  const { findings } = judged(objects);
  const platform = platformOf(objects);
  const lines = platform.text.split('\n');
  const points = findings.map(({ message, location }) => [
    message,
    location?.file === platform.path
      ? lines[location.start.line - 1]?.trim()
      : `${location?.file}:${location?.start.line}`,
  ]);
  return { findings, points };
}

const foreign = 'a SecretStore with the tag of another service';
const morePasses =
  'a SecretStore with the tag of a shared identity that it is not given, a SecretStore with the tag of an identity that nobody has, and others';
const passes = (what: string, why: string, also = morePasses) =>
  `in cluster "prod" ledger can ${what}: ${why}${also === '' ? '' : `; also: ${also}`}`;
const created = (why: string) => passes(`create ${foreign}`, why);
const secrets = [
  passes(
    'create an ExternalSecret with a ClusterSecretStore',
    'no policy is about externalsecrets',
    'an ExternalSecret with a ClusterSecretStore for one key, an ExternalSecret with a ClusterSecretStore for many keys, and others',
  ),
  'apiVersion: v1',
];
const second = (spec: Mapping) => ({ ...binding(spec), metadata: { name: 'second' } });
const labelled = (field: string) => ({ matchResources: { [field]: { matchLabels: { a: 'b' } } } });

type Point = readonly (string | undefined)[];

const forged: readonly (readonly [what: string, objects: readonly Mapping[], ...points: Point[]])[] = [
  [
    'no validation refuses it',
    [validating(hasOwnRole), binding()],
    [created('no validation refuses it'), 'validations:'],
  ],
  [
    'a condition leaves it out, and what is changed none',
    [
      validating(hasOwnRole, {
        matchConditions: [
          { name: 'any', expression: 'true' },
          { name: 'some', expression: "request.operation != 'CREATE'" },
        ],
      }),
      binding(),
    ],
    [created('the condition leaves it out'), `expression: request.operation != 'CREATE'`],
    [
      passes(`change its SecretStore into one with the tag of another service`, 'no validation refuses it'),
      'validations:',
    ],
  ],
  [
    'a selector leaves it out',
    [
      validating(hasOwnRole, {
        matchConstraints: { resourceRules: [rule()], objectSelector: { matchLabels: { a: 'b' } } },
      }),
      binding(),
    ],
    [created('objectSelector leaves it out'), 'objectSelector:'],
  ],
  [
    'the first of the bindings leaves it out, and the others too',
    [validating(hasOwnRole), binding(labelled('namespaceSelector')), second(labelled('objectSelector'))],
    [created('namespaceSelector leaves it out'), 'namespaceSelector:'],
  ],
  [
    'another binding does not',
    [validating(hasOwnRole), binding(labelled('namespaceSelector')), second({})],
    [created('no validation refuses it'), 'validations:'],
  ],
  [
    'what is named after it leaves it out',
    [
      validating(hasOwnRole, aboutOthers, 'other'),
      binding({}, 'other'),
      validating(hasOwnRole, aboutOthers, 'any-secretstores'),
      binding({}, 'any-secretstores'),
    ],
    [created('resourceRules leaves it out'), 'resourceRules:'],
  ],
];

describe('a forgery that passes', () => {
  it.each(forged)('since %s', (_, objects, ...expected) => {
    const { points } = told([...(objects as readonly Mapping[]), namespace()]);
    const others = points.filter(([message]) => !/is about|ClusterSecretStore: /.test(String(message)));
    expect(others).toEqual(expected);
    expect(points).toContainEqual(secrets);
  });

  it('since no binding denies it', () => {
    const { points } = told([validating(hasOwnRole), binding({ validationActions: ['Audit'] }), namespace()]);
    expect(points).toContainEqual([created('no binding denies it'), 'name: stores']);
  });

  it('as it cannot be judged', () => {
    const isOwn = "object.spec.provider.aws.sessionTags[0].value == 'ledger'";
    const { points } = told([validating(isOwn), binding(), namespace()]);
    const why = 'it cannot be judged: No such key: index out of bounds, index 0 >= size undefined';
    const also =
      'a SecretStore with its tag and that of another service, a SecretStore with its tag twice, and others';
    expect(points[0]).toEqual([passes('create a SecretStore with no tags', why, also), 'validations:']);
  });

  it('of a kind that a policy about everything lets through', () => {
    const { points } = told([validating('true', all), binding(), namespace()]);
    expect(points).toEqual([
      [created('no policy is about secretstores'), 'apiVersion: v1'],
      [
        passes(
          'create a ClusterSecretStore',
          'no validation refuses it',
          'a ClusterExternalSecret, a PushSecret, and others',
        ),
        'validations:',
      ],
    ]);
  });

  const elsewhere = "in a namespace of no service, a SecretStore with the operator's identity";
  it.each([
    ['administrators', 'false', 'as administrator', elsewhere],
    [
      'the programs of its namespace',
      "request.userInfo.username == 'system:serviceaccount:ledger:default'",
      'as system:serviceaccount:ledger:default',
      `${elsewhere}, a ClusterSecretStore, and others`,
    ],
    [
      'members of a group',
      "'ops' in request.userInfo.groups",
      'as administrator',
      `${elsewhere}, a ClusterSecretStore, and others`,
    ],
  ])('when it is by %s', (_, isLetThrough, how, also) => {
    const { points } = told(closedBut(isLetThrough));
    const message = passes(`create ${foreign}, ${how}`, 'no validation refuses it', also);
    expect(points[0]).toEqual([message, 'validations:']);
  });

  it('is shown with the request, to be replayed', () => {
    const { findings } = told([validating(hasOwnRole), binding(), namespace()]);
    expect(findings[0]).toMatchObject({
      rule: 'proof-guard',
      severity: 'error',
      allowed: 'a policy that refuses it, in every namespace and whoever asks',
      counterexample: {
        question: 'admission',
        expected: 'denied',
        cluster: 'prod',
        request: { operation: 'CREATE', kind: 'SecretStore' },
      },
    });
  });
});

/** Requests of the real objects that are refused; each is made and applied by an administrator and by whom dist names. */
const refused = (what: string, why = 'refuses it', also = '') =>
  `in cluster "prod" administrator cannot ${what}: stores ${why}${also === '' ? '' : `; also: ${also}`}`;

describe('a request that has to pass', () => {
  it.each([
    [
      'is refused',
      [policy(), binding()],
      [refused('create the SecretStore eso', 'refuses it', 'apply the SecretStore eso'), 'ledger.yaml:11'],
    ],
    [
      'is refused with others',
      [policy(all), binding()],
      [
        refused(
          'create the Namespace ledger',
          'refuses it',
          'apply the Namespace ledger, create the SecretStore eso, and others',
        ),
        'ledger.yaml:2',
      ],
    ],
    [
      'cannot be judged',
      [validating("object.spec.provider.aws.role.all(one, one == 'a')"), binding()],
      [
        refused(
          'create the SecretStore eso',
          "cannot judge it: Expression of type 'string' cannot be range of a comprehension (must be list, map, or dynamic).",
          'apply the SecretStore eso',
        ),
        'ledger.yaml:11',
      ],
    ],
  ])('%s, and then nothing is forged', (_, objects, ...expected) => {
    const { points, findings } = told([...objects, namespace()]);
    expect(points).toEqual(expected);
    expect(judged([...objects, namespace()]).cases).toBe(6);
    expect(findings).toMatchObject([
      {
        rule: 'proof-guard',
        severity: 'error',
        allowed: 'objects of dist and everyday work that the policies let through',
        counterexample: { question: 'admission', expected: 'allowed', cluster: 'prod' },
      },
    ]);
  });

  it('and is everyday work shows which validation refuses it', () => {
    const { points } = told(closedBut('false'));
    expect(points[1]).toEqual([
      'in cluster "prod" system:serviceaccount:external-secrets:external-secrets cannot set a finalizer on a SecretStore: stores refuses it; also: remove a finalizer from a SecretStore that would be refused today, remove a finalizer from an ExternalSecret, and others',
      `- expression: ${mayClaim} || false`,
    ]);
  });

  it('and is everyday work that cannot be judged shows the policy', () => {
    const { points } = told([validating(`object.spec.provider.aws.role != 'a'`), binding(), namespace()]);
    expect(points.at(-1)).toEqual([
      'in cluster "prod" tenant cannot use another provider in a namespace of no service: stores cannot judge it: No such key: aws',
      'spec:',
    ]);
  });
});

describe('what is said of a cluster', () => {
  const off = namespace({ annotations: { 'eso-abac/guard': 'false' } });
  const without =
    'cluster "prod" has no admission policies: whoever may create a SecretStore may claim any identity';
  it.each([
    [
      'without guard, since it says so',
      [off],
      [
        'guard-off',
        'warning',
        'cluster "prod" has no guard: whoever may create a SecretStore there, or label a namespace, may claim any identity',
        'the admission policies of a guard, for Kubernetes 1.30 or newer',
      ],
    ],
    [
      'without guard',
      [namespace()],
      ['proof-guard', 'error', without, 'the files below platform/ that eso-abac writes'],
    ],
    [
      'without anything',
      [],
      ['proof-guard', 'error', without, 'the files below platform/ that eso-abac writes'],
    ],
    [
      'with an expression that cannot be judged',
      [validating('object.metadata.name.matches("a")'), binding(), namespace()],
      [
        'policy-unknown',
        'error',
        'the expression cannot be judged: the function matches is not covered',
        'CEL as Kubernetes has it, that compares what a request holds',
      ],
    ],
    [
      'with a look at what no forgery varies',
      [validating('object.metadata.uid == "a"'), binding(), namespace()],
      [
        'policy-unknown',
        'error',
        'the policy "stores" looks at "uid", which no forgery varies',
        'CEL as Kubernetes has it, that compares what a request holds',
      ],
    ],
  ])('%s', (_, objects, expected) => {
    const { findings, cases } = judged(objects);
    expect(
      findings.map(({ rule: name, severity, message, allowed }) => [name, severity, message, allowed]),
    ).toEqual([expected]);
    expect(cases).toBe(0);
  });

  it('with all that cannot be judged, where it stands', () => {
    const variables = [{ name: 'a', expression: '1 +' }];
    const matchConditions = [{ name: 'a', expression: 'object.metadata.uid.matches("a")' }];
    const { points } = told([validating('true', { variables, matchConditions }), binding(), namespace()]);
    expect(points).toEqual([
      [expect.stringContaining('matches is not covered'), `expression: object.metadata.uid.matches("a")`],
      [expect.stringContaining('the expression cannot be judged: '), 'expression: 1 +'],
      [expect.stringContaining('looks at "uid"'), 'spec:'],
    ]);
  });

  it('without Namespace of the operator', () => {
    expect(judged([policy(), binding()]).findings[0]).toMatchObject({
      message:
        'cluster "prod" has no Namespace for the operator, so that nothing keeps privileged pods out of it',
      allowed: "the operator's Namespace below platform/",
      rule: 'proof-guard',
      location: { file: 'clusters/prod/platform/namespace.yaml' },
    });
  });

  it('is taken for granted', () => {
    expect(judged([off]).assumptions).toEqual([
      'nobody but the platform team may create a SecretStore or label a namespace in cluster "prod": it has no guard',
    ]);
    const free = closedBut("'vault' in object.?spec.?provider.orValue({})");
    expect(judged(free).assumptions).toEqual([
      'tenants in cluster "prod" may have vault, which its policies name',
    ]);
    const variable = closedBut('object.?spec.?provider.orValue({}).exists(key, key in variables.free)').map(
      (one) =>
        one.kind === 'ValidatingAdmissionPolicy' ? withVariable(one, 'free', "['vault', 'fake']") : one,
    );
    expect(judged(variable).assumptions).toEqual([
      'tenants in cluster "prod" may have fake, which its policies name',
      'tenants in cluster "prod" may have vault, which its policies name',
    ]);
  });
});

function withVariable(one: Mapping, name: string, expression: string): Mapping {
  return { ...one, spec: { ...(one.spec as Mapping), variables: [{ name, expression }] } };
}

describe('attacks that were stopped', () => {
  const closed = closedBut('false');
  const attack = 'a SecretStore with the tag of another service';

  it('are told with what stopped them, and where', () => {
    const doubled = [...closed, validating(hasOwnRole, {}, 'roles'), binding({}, 'roles')];
    const { attacks } = judgedIn(['prod', 'staging'], doubled, [sampleOf()]);
    const stopped = (name: string) => attacks.find((one) => one.attack === name);
    expect(stopped(attack)).toEqual({ attack, stoppedBy: ['stores'], clusters: ['prod', 'staging'] });
    expect(stopped('a SecretStore with another role')).toMatchObject({ stoppedBy: ['stores', 'roles'] });
    expect(new Set(attacks.map((one) => one.attack)).size).toBe(attacks.length);
  });

  it('count with all other requests', () => {
    const one = judged(closed).cases;
    expect(judgedIn(['prod', 'staging'], closed, [sampleOf()]).cases).toBe(2 * one);
    // What sets a request apart by itself is tried once, and what differs in ExternalSecrets alone is not forged again.
    expect(judged(closed, [{ ...sampleOf(), isAgain: true }]).cases).toBe(12);
    const both = judged(closed, [sampleOf(), sampleOf()]).cases;
    expect(both).toBeGreaterThan(1.5 * one);
    expect(both).toBeLessThan(2 * one);
    expect(judged(closed, [{ ...sampleOf(), stores: [] }]).cases).toBe(8);
  });
});
