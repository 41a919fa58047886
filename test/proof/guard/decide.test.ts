import { describe, expect, it } from 'vitest';
import type { Mapping } from '../../../src/proof/files/store.ts';
import { administrator } from '../../../src/proof/guard/authorizer.ts';
import { Admission } from '../../../src/proof/guard/decide.ts';
import type { AdmissionRequest } from '../../../src/proof/guard/model.ts';
import { creation, deletion, kinds, namespaceNamed, update } from '../../../src/proof/guard/requests.ts';
import { binding, guardOf, policy, role, roleBinding, rule } from './platform.ts';

const ledger = namespaceNamed('ledger', { team: 'a' }, { note: 'b' });
const store = { metadata: { name: 'eso', namespace: 'ledger' }, spec: { provider: {} } };
const created = creation(kinds.SecretStore, store, ledger);
const anything = rule({ apiGroups: ['*'], resources: ['*/*'], operations: ['*'] });

/** A policy about everything with these validations. */
const validating = (texts: readonly string[], spec: Mapping = {}, name = 'stores') =>
  policy(
    {
      matchConstraints: { resourceRules: [anything] },
      validations: texts.map((expression) => ({ expression })),
      ...spec,
    },
    name,
  );

/** What is said to a request: the validations that refuse it, and the problems. */
function said(objects: readonly Mapping[], request: AdmissionRequest) {
  const { refusals, problems } = new Admission(guardOf(...objects)).decide(request);
  return {
    refusals: refusals.map(({ policy: { name }, validation }) => `${name} ${validation}`),
    problems: problems.map(({ policy: { name }, why }) => `${name}: ${why}`),
  };
}

/** Of a request, whether an expression holds. */
const holds = (expression: string, request: AdmissionRequest) =>
  said([validating([`!(${expression})`]), binding(), role(), roleBinding()], request);
const yes = { refusals: ['stores 0'], problems: [] };
const no = { refusals: [], problems: [] };

const bare = namespaceNamed('bare');
const status = update(kinds.Namespace, ledger, bare, null, { subresource: 'status', dryRun: true });
const gone = deletion(kinds.SecretStore, store, ledger, { user: administrator, version: 'v1beta1' });
const bound = creation(kinds.ClusterRoleBinding, { metadata: { name: 'b' } }, null, {
  user: { username: 'ci', groups: ['a'] },
});

/** What is there in every request, by the ways in which a policy may ask for it. */
const filledIn: readonly (readonly [expression: string, request: AdmissionRequest])[] = [
  ['has(object.metadata.uid)', created],
  ["'managedFields' in object.metadata", created],
  ["'creationTimestamp' in object['metadata']", created],
  ['[object, oldObject].exists(one, one != null && one.metadata.generation == 1)', created],
  ['oldObject.metadata.exists(key, key == "uid")', gone],
  ['has(namespaceObject.metadata.uid)', created],
  ["namespaceObject.status.phase == 'Active'", created],
  ['namespaceObject.spec.finalizers.size() == 1', created],
  ['has(object.spec) && has(oldObject.status)', status],
];

describe('what the API server fills in', () => {
  it.each(filledIn)('is there for %s', (expression, request) => {
    expect(holds(expression, request)).toEqual(yes);
    const variables = [{ name: 'it', expression }];
    expect(said([validating(['!variables.it'], { variables }), binding()], request)).toEqual(yes);
    const matchConditions = [{ name: 'a', expression }];
    expect(said([validating(['false'], { matchConditions }), binding()], request)).toEqual(yes);
  });

  it('is no spec or status of other kinds than Namespaces', () => {
    const bare = creation(kinds.SecretStore, { metadata: { name: 'eso' } }, ledger);
    expect(holds('has(object.spec) || has(object.status)', bare)).toEqual(no);
  });
});

describe('what expressions see of a request (Kubernetes, "Validating Admission Policy")', () => {
  it.each([
    ['its operation', "request.operation == 'CREATE' && object != null && oldObject == null", created],
    ['its operation', "request.operation == 'UPDATE' && object != null && oldObject != null", status],
    ['its operation', "request.operation == 'DELETE' && object == null && oldObject != null", gone],
    ['its name', "request.name == 'eso' && object.metadata.name == 'eso'", created],
    ['the name of what is deleted', "request.name == 'eso' && oldObject.metadata.name == 'eso'", gone],
    ['its namespace', "request.namespace == 'ledger' && namespaceObject.metadata.name == 'ledger'", created],
    [
      'the labels of its namespace',
      "namespaceObject.metadata.labels['kubernetes.io/metadata.name'] + namespaceObject.metadata.labels.team == 'ledgera'",
      created,
    ],
    ['the annotations of its namespace', "namespaceObject.metadata.annotations.note == 'b'", gone],
    ['a Namespace in itself', "request.namespace == 'bare' && namespaceObject == null", status],
    ['none of the whole cluster', '!has(request.namespace) && namespaceObject == null', bound],
    ['that it is no dry run', 'request.dryRun == false', created],
    ['that it is a dry run', 'request.dryRun == true', status],
    ['no subresource', '!has(request.subResource) && !has(request.requestSubResource)', created],
    ['its subresource', "request.subResource == 'status' && request.requestSubResource == 'status'", status],
    [
      'its kind',
      "request.kind.group + request.kind.version + request.kind.kind == 'external-secrets.iov1SecretStore'",
      created,
    ],
    ['the kind asked for', 'request.requestKind == request.kind', created],
    [
      'its resource',
      "request.resource.group + request.resource.version + request.resource.resource == 'external-secrets.iov1secretstores'",
      created,
    ],
    ['the resource asked for', 'request.requestResource == request.resource', created],
    [
      'the core group',
      "request.kind.group == '' && request.kind.kind == 'Namespace' && object.apiVersion == 'v1' && object.kind == 'Namespace'",
      status,
    ],
    [
      'its version',
      "request.resource.version == 'v1beta1' && oldObject.apiVersion == 'external-secrets.io/v1beta1'",
      gone,
    ],
    [
      'a person',
      "request.userInfo.username == 'tenant' && request.userInfo.groups == ['system:authenticated']",
      created,
    ],
    [
      'an administrator',
      "request.userInfo.username == 'administrator' && 'system:masters' in request.userInfo.groups",
      gone,
    ],
    ['no parameters', 'params == null', created],
    [
      'what its user may',
      "authorizer.group('eso-abac').resource('identities').check('claim').allowed()",
      gone,
    ],
    [
      'what its user is granted',
      "authorizer.group('eso-abac').resource('identities').check('claim').allowed()",
      bound,
    ],
    [
      'what its user may not',
      "!authorizer.group('eso-abac').resource('identities').check('claim').allowed()",
      created,
    ],
  ])('%s: %s', (_, expression, request) => {
    expect(holds(expression, request)).toEqual(yes);
    expect(holds(`!(${expression})`, request)).toEqual(no);
  });
});

const failing = 'object.spec.none';
const reason = 'stores: No such key: none';

describe('a verdict', () => {
  it.each([
    ['lets through', ['true', 'object.spec != null'], {}, no],
    [
      'names each validation that refuses',
      ['false', 'true', 'false'],
      {},
      { refusals: ['stores 0', 'stores 2'], problems: [] },
    ],
    ['names what cannot be judged', [failing, 'true'], {}, { refusals: [], problems: [reason] }],
    ['names both', [failing, 'false'], {}, { refusals: ['stores 1'], problems: [reason] }],
    [
      'names what is neither true nor false',
      ['object.spec'],
      {},
      { refusals: [], problems: ['stores: the expression is neither true nor false'] },
    ],
    [
      'is none by a policy that a condition keeps out',
      ['false'],
      {
        matchConditions: [
          { name: 'a', expression: 'true' },
          { name: 'b', expression: 'false' },
        ],
      },
      no,
    ],
    [
      'is one where each condition holds',
      ['false'],
      { matchConditions: [{ name: 'a', expression: 'true' }] },
      yes,
    ],
    [
      'is none where one condition is false and another fails',
      ['false'],
      {
        matchConditions: [
          { name: 'a', expression: failing },
          { name: 'b', expression: 'false' },
        ],
      },
      no,
    ],
    [
      'names a condition that fails',
      ['false'],
      { matchConditions: [{ name: 'a', expression: failing }] },
      { refusals: ['stores 0'], problems: [reason] },
    ],
    [
      'is none by a policy about other things',
      ['false'],
      { matchConstraints: { resourceRules: [rule({ resources: ['pods'] })] } },
      no,
    ],
  ] as const)('%s', (_, texts, spec, expected) => {
    expect(said([validating(texts, spec), binding()], created)).toEqual(expected);
  });

  it('needs a binding that denies', () => {
    const audit = binding({ validationActions: ['Audit'] });
    expect(said([validating(['false'])], created)).toEqual(no);
    expect(said([validating(['false']), audit], created)).toEqual(no);
    expect(said([validating(['false']), audit, { ...binding(), metadata: { name: 'b' } }], created)).toEqual(
      yes,
    );
  });

  it('of several policies is that of all', () => {
    const objects = [validating(['false']), binding(), validating([failing], {}, 'b'), binding({}, 'b')];
    const both = { refusals: ['stores 0'], problems: ['b: No such key: none'] };
    expect(said(objects, created)).toEqual(both);
    expect(said([...objects].reverse(), created)).toEqual(both);
  });

  it('is what one validation says, where that alone is asked', () => {
    const guard = guardOf(
      validating(["request.name != 'eso'", 'true', failing], {
        matchConditions: [{ name: 'a', expression: "request.operation == 'CREATE'" }],
      }),
      binding(),
    );
    const [policy] = guard.policies;
    const refuses = (validation: number, request: AdmissionRequest) =>
      policy !== undefined && new Admission(guard).isRefusedBy({ policy, validation }, request);
    expect([0, 1, 2].map((validation) => refuses(validation, created))).toEqual([true, false, false]);
    expect(refuses(0, { ...created, name: 'other' })).toBe(false);
    expect(refuses(0, gone)).toBe(false);
  });

  it('is nothing, where the policy of the one validation leaves the request out', () => {
    const resourceRules = [rule({ apiGroups: ['*'], resources: ['*'], operations: ['UPDATE'] })];
    const guard = guardOf(validating(['false'], { matchConstraints: { resourceRules } }), binding());
    const [policy] = guard.policies;
    const refuses = (request: AdmissionRequest) =>
      policy !== undefined && new Admission(guard).isRefusedBy({ policy, validation: 0 }, request);
    expect([created, status].map(refuses)).toEqual([false, false]);
    expect(refuses(update(kinds.SecretStore, store, store, ledger))).toBe(true);
  });

  it('is given once for each user', () => {
    const users: string[] = [];
    const guard = guardOf(
      validating(["authorizer.group('eso-abac').check('claim').allowed()"]),
      binding(),
      role(),
      roleBinding(),
    );
    const grants = guard.grants.map((grant) => ({
      ...grant,
      get rights() {
        users.push('asked');
        return [];
      },
    }));
    const admission = new Admission({ ...guard, grants });
    for (const name of ['a', 'b', 'c']) {
      const user = bound.user;
      admission.decide({ ...bound, name, user });
    }
    expect(users).toHaveLength(1);
  });
});
