import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compile } from '../../src/proof/guard/cel.ts';
import { askGo } from '../support/go-program.ts';
import { type KubernetesObject, objectsIn } from '../support/run-compile.ts';

/**
 * What the API server spends on one expression, and on all of a policy for one request. Source: k8s.io/apiserver,
 * pkg/apis/cel.
 */
const limits = { ofExpression: 1_000_000, ofPolicy: 10_000_000 };

interface Judged {
  readonly expression: string;
  readonly failed?: string;
  readonly cost: number;
}

type Json = Readonly<Record<string, unknown>>;

interface Request {
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE';
  readonly resource: Readonly<Record<'Group' | 'Version' | 'Resource', string>>;
  readonly object?: Json;
  readonly oldObject?: Json;
  readonly namespaceObject?: Json;
}

const folder = 'examples/platform/dist/clusters/prod-usw2';
const objects = (file: string) => objectsIn(readFileSync(`${folder}/${file}`, 'utf8'));
const policies = new Map(
  readdirSync(`${folder}/platform`)
    .flatMap((file) => objects(`platform/${file}`))
    .filter(({ kind }) => kind === 'ValidatingAdmissionPolicy')
    .map(({ metadata, spec }) => [(metadata as { name: string }).name, spec]),
);
const [service = ''] = readdirSync(`${folder}/services`);
const of = (kind: string) =>
  objects(`services/${service}`).find((one) => one.kind === kind) as KubernetesObject;

/** What the API server makes of each expression of a policy. */
function judged(policy: unknown, request: Request): readonly Judged[] {
  const [answer] = askGo<{ readonly judged?: readonly Judged[] }>('cel', [{ policy, request }]);
  if (answer?.judged === undefined) throw new Error(JSON.stringify(answer));
  return answer.judged;
}

const many = 2_000;
const each = <Item>(item: (index: number) => Item) => Array.from({ length: many }, (_, index) => item(index));
const entries = (prefix: string) => Object.fromEntries(each((index) => [`${prefix}${index}`, 'true']));

const namespace = (labels: Json): Json => {
  const real = of('Namespace');
  const metadata = real.metadata as unknown as { labels: Json };
  return { ...real, metadata: { ...metadata, labels: { ...metadata.labels, ...labels } } };
};
const externalSecret = (spec: Json, annotations: Json = {}): Json => {
  const real = of('ExternalSecret');
  return {
    ...real,
    metadata: { ...(real.metadata as Json), annotations },
    spec: { ...(real.spec as Json), ...spec },
  };
};
const role = (rules: readonly Json[]): Json => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRole',
  metadata: { name: 'large' },
  rules,
});

const claiming = namespace(entries('shared.eso-abac/identity-'));
const labelled = namespace(entries('example.com/label-'));
const own = { Group: 'external-secrets.io', Version: 'v1' };
const resources = {
  namespaces: { Group: '', Version: 'v1', Resource: 'namespaces' },
  secretstores: { ...own, Resource: 'secretstores' },
  externalsecrets: { ...own, Resource: 'externalsecrets' },
  guard: { Group: 'rbac.authorization.k8s.io', Version: 'v1', Resource: 'clusterroles' },
};

type Row = readonly [what: string, policy: keyof typeof resources, object: Json, namespaceObject?: Json];
const largest: readonly Row[] = [
  ['a Namespace that may claim many identities', 'namespaces', claiming],
  ['a Namespace with many labels', 'namespaces', labelled],
  ['a SecretStore where many identities may be claimed', 'secretstores', of('SecretStore'), claiming],
  ['a SecretStore in a namespace with many labels', 'secretstores', of('SecretStore'), labelled],
  [
    'an ExternalSecret with many values, each from a store of its own',
    'externalsecrets',
    externalSecret({
      data: each((index) => ({
        secretKey: `key-${index}`,
        remoteRef: { key: 'a' },
        sourceRef: { storeRef: { name: 'a', kind: 'SecretStore' } },
      })),
    }),
  ],
  [
    'an ExternalSecret with many templates and annotations',
    'externalsecrets',
    externalSecret(
      { target: { template: { templateFrom: each(() => ({ literal: '' })), type: 'a'.repeat(500_000) } } },
      entries('example.com/'),
    ),
  ],
  ['a ClusterRole with many rules', 'guard', role(each(() => ({ apiGroups: ['a', 'b'], verbs: ['get'] })))],
  ['a ClusterRole with many groups', 'guard', role([{ apiGroups: each(String), verbs: ['get'] }])],
];

/** Makes an object, changes it in nothing, in much, and removes it. */
function requestsFor(name: keyof typeof resources, object: Json, namespaceObject: Json): Request[] {
  const isOfCluster = name === 'namespaces' || name === 'guard';
  const common = { resource: resources[name], ...(!isOfCluster && { namespaceObject }) };
  const small = { ...object, spec: {}, rules: [], metadata: { name: 'small' } };
  return [
    { operation: 'CREATE', ...common, object },
    { operation: 'UPDATE', ...common, object, oldObject: object },
    { operation: 'UPDATE', ...common, object, oldObject: small },
    ...(isOfCluster ? [{ operation: 'DELETE', ...common, oldObject: object } as const] : []),
  ];
}

const rows = largest.map(([what, name, object, namespaceObject = of('Namespace')]) => {
  return { what, name, requests: requestsFor(name, object, namespaceObject) };
});
it.each(rows)('$what costs at most half of what the API server spends', ({ name, requests }) => {
  for (const request of requests) {
    const costs = judged(policies.get(`eso-abac-${name}`), request).map(({ cost }) => cost);
    expect(Math.max(...costs)).toBeLessThan(limits.ofExpression / 2);
    expect(costs.reduce((sum, cost) => sum + cost, 0)).toBeLessThan(limits.ofPolicy / 2);
  }
});

describe('what the proof takes for too costly', () => {
  const mayClaim = "authorizer.group('a').resource('b').check('c').allowed()";
  const object = {
    apiVersion: 'a/v1',
    kind: 'A',
    metadata: { name: 'a' },
    spec: Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`some-name-${index}`, 'a'])),
  };
  const request: Request = {
    operation: 'CREATE',
    resource: { Group: 'a', Version: 'v1', Resource: 'as' },
    object,
  };
  it.each([
    [true, "object.spec.all(a, object.spec.all(b, a + b != 'x'))"],
    [false, "object.spec.all(a, object.spec.all(b, object.spec.all(c, c != 'x')))"],
    [true, `${mayClaim} || ${mayClaim}`],
    [false, `${mayClaim} || ${mayClaim} || ${mayClaim}`],
    [false, `['a', 'b', 'c'].exists(one, ${mayClaim})`],
  ])('the API server may have the time: %s, for %s', (is, expression) => {
    const [answer] = judged({ validations: [{ expression }] }, request);
    expect([compile(expression).problem === undefined, answer?.failed === undefined]).toEqual([is, is]);
  });
});
