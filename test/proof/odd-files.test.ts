import { describe, expect, it } from 'vitest';
import { proveDist } from '../../src/proof/prove/prove.ts';
import {
  appended,
  type Change,
  changed,
  type Json,
  type JsonObject,
  json,
  manifest,
  manifests,
  removed,
} from './attacks/change.ts';
import { filesOf, fleets } from './fleets.ts';

const tree = new Map(filesOf(fleets.pinned ?? '').map(({ path, text }) => [path, text]));

/** What the proof finds, as `file: message`, with what is allowed instead. */
function found(change: Change): (readonly [message: string, allowed: string | undefined])[] {
  const sources = [...changed(tree, change)].map(([path, text]) => ({ path, text }));
  return proveDist(sources).findings.map(({ message, allowed, location }) => [
    `${location?.file}: ${message}`,
    allowed,
  ]);
}

const account = 'aws/123456789012';
const template = `${account}/cloudformation.json`;
const module = `${account}/terraform.tf.json`;
const eksctl = `${account}/eksctl/prod.json`;
const pods = `${account}/pod-identity/prod-eu.json`;
const secrets = `${account}/secrets/us-west-2/search.json`;
const payments = 'clusters/prod/services/payments.yaml';
const role = 'eso-controller-prod';

const jsonOf = (file: string) =>
  JSON.parse(tree.get(file) ?? '') as { Resources: Record<string, JsonObject> };
const idOf = (file: string) => Object.keys(jsonOf(file).Resources)[0] ?? '';
const first = (file: string, ...path: readonly string[]) => ['Resources', idOf(file), ...path];
const again = (file: string) =>
  json(file, ['Resources'], { Again: jsonOf(file).Resources[idOf(file)] ?? null });
const [account0] = (JSON.parse(tree.get(eksctl) ?? '') as { iam: { serviceAccounts: [JsonObject] } }).iam
  .serviceAccounts;
const inSecret = (patch: JsonObject) => json(secrets, first(secrets, 'Properties'), patch);
const ofKind = (kind: string, patch: (spec: JsonObject) => Json) =>
  manifests(payments, (objects) =>
    objects.map((one) => (one.kind === kind ? { ...one, spec: patch(one.spec as JsonObject) } : one)),
  );
const inStores = (patch: JsonObject) =>
  ofKind('SecretStore', (spec) => {
    const { aws } = spec.provider as { readonly aws: JsonObject };
    return { provider: { aws: { ...aws, ...patch } } };
  });

type Odd = readonly [what: string, change: Change, file: string, message: string, allowed: string];

const odd: Readonly<Record<string, readonly Odd[]>> = {
  'roles and their templates': [
    [
      'a trust policy alone',
      removed(`${account}/roles/${role}/policy.json`),
      `${account}/roles/${role}/trust.json`,
      'a trust policy of a role that has no policy',
      `${account}/roles/${role}/policy.json`,
    ],
    ...[template, module].map(
      (file): Odd => [
        `no ${file}`,
        removed(file),
        file,
        `${file} is missing`,
        'a template that makes the roles of this account',
      ],
    ),
    ['a role twice', again(template), template, `role "${role}" stands here twice`, 'each role once'],
    ...[[], { PolicyName: 'a' }].map(
      (Policies): Odd => [
        `policies ${JSON.stringify(Policies)}`,
        json(template, first(template, 'Properties'), { Policies }),
        template,
        'a role with 0 inline policies',
        'one, that of its folder',
      ],
    ),
    [
      'a role without its policy in Terraform',
      json(module, ['resource', 'aws_iam_role_policy'], { [role]: null }),
      module,
      `role "${role}" has no policy`,
      `aws_iam_role_policy for aws_iam_role.${role}`,
    ],
    [
      'a list of policies in Terraform',
      json(module, ['resource'], { aws_iam_role_policy: [] }),
      module,
      `role "${role}" has no policy`,
      `aws_iam_role_policy for aws_iam_role.${role}`,
    ],
  ],
  "the operators' files": [
    [
      'two roles for one operator',
      (files) =>
        files.set(`${account}/pod-identity/prod.json`, (files.get(pods) ?? '').replaceAll('prod-eu', 'prod')),
      `${account}/pod-identity/prod.json`,
      'cluster "prod" gives the operator two roles',
      'one file of eksctl or of Pod Identity',
    ],
    [
      'a second service account',
      json(eksctl, ['iam'], { serviceAccounts: [account0, account0] }),
      eksctl,
      'a second service account',
      'that of the operator alone',
    ],
    ...[[], 'external-secrets'].map(
      (serviceAccounts): Odd => [
        `service accounts ${JSON.stringify(serviceAccounts)}`,
        json(eksctl, ['iam'], { serviceAccounts }),
        eksctl,
        'no service account',
        'a list with that of the operator',
      ],
    ),
    [
      'further roles for service accounts',
      json(eksctl, ['iam'], { podIdentityAssociations: [] }),
      eksctl,
      'iam holds "podIdentityAssociations", which the proof knows nothing about',
      'serviceAccounts, withOIDC',
    ],
    [
      'a further word about the cluster',
      json(eksctl, ['metadata'], { tags: {} }),
      eksctl,
      'metadata holds "tags", which the proof knows nothing about',
      'name, region',
    ],
    [
      'a further word about the service account',
      json(eksctl, ['iam', 'serviceAccounts', 0, 'metadata'], { annotations: {} }),
      eksctl,
      'metadata holds "annotations", which the proof knows nothing about',
      'name, namespace',
    ],
    ['another kind', json(eksctl, [], { kind: 'x' }), eksctl, 'kind is not "ClusterConfig"', 'ClusterConfig'],
    [
      'another cluster',
      json(eksctl, ['metadata'], { name: 'staging' }),
      eksctl,
      'metadata.name is not "prod"',
      'prod',
    ],
    ['a second association', again(pods), pods, 'a second resource', 'one association in each file'],
    [
      'the association of another cluster',
      json(pods, first(pods, 'Properties'), { ClusterName: 'prod' }),
      pods,
      'ClusterName is not "prod-eu"',
      'prod-eu',
    ],
    ...[null, { Ref: 'Policy' }].map(
      (Policy): Odd => [
        `the session policy ${JSON.stringify(Policy)}`,
        json(pods, first(pods, 'Properties'), { Policy }),
        pods,
        'the association has no session policy',
        "the controller role's own policy, as a text",
      ],
    ),
    [
      'a session policy that breaks off',
      json(pods, first(pods, 'Properties'), { Policy: '{' }),
      pods,
      'not JSON: the text ends too early',
      'a comma or a closing brace }',
    ],
  ],
  secrets: [
    [
      'replicas that only CloudFormation knows',
      inSecret({ ReplicaRegions: { 'Fn::If': ['a', [], []] } }),
      secrets,
      'ReplicaRegions of the secret is no list',
      'a list',
    ],
    [
      'tags that only CloudFormation knows',
      inSecret({ Tags: { Ref: 'Tags' } }),
      secrets,
      'Tags of the secret is no list',
      'a list',
    ],
    [
      'a replica by its name alone',
      inSecret({ ReplicaRegions: ['eu-west-1'] }),
      secrets,
      'the replica is no object',
      'an object with Region',
    ],
    [
      'a replica in a region that only CloudFormation knows',
      inSecret({ ReplicaRegions: [{ Region: { Ref: 'Region' } }] }),
      secrets,
      'Region of the replica is no name',
      'a region such as us-west-2',
    ],
    [
      'a secret that goes with its stack',
      json(secrets, first(secrets), { DeletionPolicy: 'Delete' }),
      secrets,
      'DeletionPolicy is not "Retain"',
      'Retain',
    ],
  ],
  'files of services': [
    ...['data', 'dataFrom'].map(
      (key): Odd => [
        `${key} that is no list`,
        ofKind('ExternalSecret', (spec) => ({ ...spec, [key]: { secretKey: 'a' } })),
        payments,
        'this is no list',
        'a list',
      ],
    ),
    ...[{ transitiveTagKeys: 'ekssecret' }, { additionalRoles: [1] }].map(
      (patch): Odd => [
        JSON.stringify(patch),
        inStores(patch),
        payments,
        'this is no list of texts',
        'a list of texts',
      ],
    ),
    [
      'an identity that no store claims',
      manifest(payments, 'Namespace', ['metadata', 'labels'], { 'shared.eso-abac/unused': 'true' }),
      payments,
      'the namespace may claim "unused", but no store in it does',
      'a SecretStore for each identity that the labels name',
    ],
    [
      'more depth than is read',
      appended(payments, `---\n${'{a: '.repeat(80)}1${'}'.repeat(80)}\n`),
      payments,
      'this is nested too deep',
      'at most 64 levels',
    ],
    [
      'another ending',
      appended('clusters/prod/services/more.yml', 'a: 1\n'),
      'clusters/prod/services/more.yml',
      'clusters/prod/services/more.yml is a file that the proof knows nothing about',
      'the files that eso-abac writes',
    ],
  ],
};

describe.each(Object.entries(odd))('what no policy is to blame for: %s', (_, cases) => {
  it.each(cases)('%s', (_what, change, file, message, allowed) => {
    expect(found(change)).toContainEqual([`${file}: ${message}`, allowed]);
  });
});

it('the same files as they were have no finding', () => {
  expect(found(() => undefined)).toEqual([]);
});
