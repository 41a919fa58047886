import { expect, it } from 'vitest';
import { readDist } from '../../src/proof/files/read.ts';
import { Ways } from '../../src/proof/matrix/ways.ts';
import { rolesFor } from '../../src/proof/prove/role-use.ts';
import { type Change, changed, json, removed, text } from './attacks/change.ts';
import { filesOf, fleets } from './fleets.ts';

const account = 'aws/123456789012';
const role = 'arn:aws:iam::123456789012:role';
const services = (name: string, service: string) => `clusters/${name}/services/${service}.yaml`;

/** Why the first store of a cluster gets no session; the roles that were assumed on the way when it gets one. */
function wayOf(
  tree: 'pinned' | 'chained',
  cluster: string,
  change: Change | readonly Change[] = [],
): unknown {
  const files = changed(new Map(filesOf(fleets[tree] ?? '').map((one) => [one.path, one.text])), change);
  const { dist } = readDist([...files].map(([path, content]) => ({ path, text: content })));
  const ways = new Ways(dist, rolesFor('controller', dist));
  const found = dist.clusters.find(({ name }) => name === cluster);
  const store = found?.tenants.flatMap(({ stores }) => stores)[0];
  if (found === undefined || store === undefined) throw new Error(`no store in ${cluster}`);
  const way = ways.sessionOf(found, store);
  return way.session === undefined ? way.why : way.hops.map((hop) => hop.role.arn);
}

const withoutHelmValues = removed('operator/two/helm-values.yaml');
const controller = `${role}/eso-controller-prod`;
const trust = `${account}/roles/eso-controller-prod/trust.json`;

it('a way goes over every role', () => {
  expect(wayOf('pinned', 'prod')).toEqual([controller, `${role}/eso-secrets-access`]);
  expect(wayOf('pinned', 'prod-eu')).toEqual([
    `${role}/eso-controller-prod-eu`,
    `${role}/eso-secrets-access`,
  ]);
  const reader = 'arn:aws:iam::999999999999:role/team/reader';
  expect(wayOf('chained', 'one')).toEqual([`${role}/platform/eso`, `${role}/hop`, reader]);
  expect(wayOf('chained', 'two')).toEqual([`${role}/platform/eso`, `${role}/hop`, reader]);
  // No file says which role the operator has: it has one that leads there.
  expect(wayOf('chained', 'two', withoutHelmValues)).toEqual([`${role}/hop`, reader]);
});

it.each<readonly [what: string, change: Change, why: string]>([
  [
    "the operator's role is not there",
    removed(`${account}/roles/eso-controller-prod/policy.json`),
    `the operator's role ${controller} is not in dist`,
  ],
  [
    'it trusts no provider',
    json(trust, ['Statement', 0], { Principal: { Federated: null, AWS: '123456789012' } }),
    `the trust policy of ${controller} names no identity provider`,
  ],
  [
    'it trusts another service account',
    text(trust, 'external-secrets:external-secrets', 'default:default'),
    `sts:AssumeRoleWithWebIdentity on ${controller} is not allowed by the role's trust policy`,
  ],
  [
    'it may not assume the next one',
    json(`${account}/roles/eso-controller-prod/policy.json`, ['Statement', 0], { Effect: 'Deny' }),
    `sts:AssumeRole on ${role}/eso-secrets-access is denied by a statement`,
  ],
  [
    'the access role is not there',
    removed(`${account}/roles/eso-secrets-access/policy.json`),
    `role ${role}/eso-secrets-access is not in dist`,
  ],
  [
    'a role on the way is not there',
    text(services('prod', 'orders'), 'sessionTags:', `additionalRoles: ["${role}/x"]\n      sessionTags:`),
    `role ${role}/x is not in dist`,
  ],
])('a way ends where %s', (_, change, why) => {
  expect(wayOf('pinned', 'prod', change)).toBe(why);
});

it('where no role can be that of the operator there is no way', () => {
  const without = (file: string): Change => removed(`${account}/roles/${file}`);
  expect(wayOf('chained', 'two', [without('eso/policy.json'), withoutHelmValues])).toBe(
    'no role in dist can be that of the operator in cluster "two"',
  );
  expect(wayOf('chained', 'two', without('eso/policy.json'))).toBe(
    `the operator's role ${role}/platform/eso is not in dist`,
  );
});
