import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffDists } from '../../src/diff/diff.ts';
import type { Diff, Read } from '../../src/diff/model.ts';
import type { Spec } from '../../src/input/schema.ts';
import type { Source } from '../../src/proof/files/model.ts';
import { readDist } from '../../src/proof/files/read.ts';
import { matrixOf, sessionClasses } from '../../src/proof/matrix/matrix.ts';
import { Ways } from '../../src/proof/matrix/ways.ts';
import { rolesFor } from '../../src/proof/prove/role-use.ts';
import { damaged } from '../proof/damage.ts';
import { filesOf as fleetFiles, fleets } from '../proof/fleets.ts';
import { validSpec } from '../support/arbitrary.ts';
import { Dice } from '../support/dice.ts';
import { asFiles, compileFiles, compileValid, runs } from '../support/run-compile.ts';
import { filesOf, orders, payments } from './inputs.ts';

/** Everything that may be read, pair by pair and from every file: what the comparison must agree with. */
function everyRead(sources: readonly Source[]): Set<string> {
  const { dist } = readDist(sources);
  const controllers = rolesFor('controller', dist);
  const classes = sessionClasses(dist.clusters, new Ways(dist, controllers, true));
  const { reads } = matrixOf(dist, [], [], true);
  const best = new Map<string, string | undefined>();
  for (const { result, claims } of classes) {
    const { session } = result;
    if (session === undefined) continue;
    for (const secret of dist.secrets) {
      const access = reads(session, secret);
      if (access.denied) continue;
      const without = access.allowed ? undefined : access.lack?.action;
      for (const { tenant, store } of claims) {
        if (store.region !== secret.region) continue;
        const key = [tenant.cluster, tenant.service, secret.account, secret.region, secret.name].join(' ');
        if (!best.has(key) || best.get(key) !== undefined) best.set(key, without);
      }
    }
  }
  return new Set([...best].map(([key, without]) => `${key} ${without ?? 'whole'}`));
}

function keysOf(reads: readonly Read[] | undefined): Set<string> {
  const keys = (reads ?? []).map(
    ({ cluster, service, account, region, secret, without }) =>
      `${cluster} ${service} ${account} ${region} ${secret} ${without ?? 'whole'}`,
  );
  expect(new Set(keys).size).toBe(keys.length);
  return new Set(keys);
}

/** What holds for any two dists. */
function expectTruth(before: readonly Source[], after: readonly Source[]): Diff {
  const [forth, back] = [diffDists(before, after), diffDists(after, before)];
  expect(keysOf(forth.grants)).toEqual(keysOf(back.revocations));
  expect(keysOf(forth.revocations)).toEqual(keysOf(back.grants));
  const [old, now] = [everyRead(before), everyRead(after)];
  const applied = new Set([...old].filter((key) => !keysOf(forth.revocations).has(key)));
  for (const key of keysOf(forth.grants)) {
    expect(old).not.toContain(key);
    applied.add(key);
  }
  expect(applied).toEqual(now);
  return forth;
}

/** An input with some of its services and shared entries left out. */
const changedSpec: fc.Arbitrary<readonly [Spec, Spec]> = fc
  .tuple(validSpec, fc.nat(), fc.nat())
  .map(([spec, which, other]) => {
    const { services = [], shared } = spec;
    const some = <Item>(items: readonly Item[], bits: number) =>
      items.filter((_, index) => (bits >> index) % 2 === 0);
    return [
      spec,
      { ...spec, services: some(services, which), ...(shared && { shared: some(shared, other) }) },
    ] as const;
  });

describe('access, for any two dists', () => {
  it('grants and revocations lead from what could be read to what can be read', () => {
    fc.assert(
      fc.property(changedSpec, ([spec, less]) => {
        const after = compileFiles(asFiles(less));
        fc.pre(after.findings.every(({ severity }) => severity !== 'error'));
        expectTruth(compileValid(asFiles(spec)).files, after.files);
      }),
      runs(8),
    );
  });

  it('also for two that have nothing to do with each other', () => {
    fc.assert(
      fc.property(validSpec, validSpec, (one, other) => {
        expectTruth(compileValid(asFiles(one)).files, compileValid(asFiles(other)).files);
      }),
      runs(4),
    );
  });

  it.each(Object.keys(fleets))('also for a file of the fleet "%s" that somebody damaged', (name) => {
    const files = fleetFiles(fleets[name] ?? '');
    const deciding = files.filter(({ path }) => /\/(?:roles|services|secrets)\//.test(path));
    const rest = files.filter((file) => !deciding.includes(file));
    const dice = new Dice(6);
    let different = 0;
    for (let round = 0; round < 8; round++) {
      const { sources } = damaged(deciding, dice);
      const { grants = [], revocations = [] } = expectTruth(files, [...rest, ...sources]);
      different += Number(grants.length + revocations.length > 0);
    }
    expect(different).toBeGreaterThan(0);
  });

  it('nothing differs between a dist and itself', () => {
    fc.assert(
      fc.property(validSpec, (spec) => {
        const { files } = compileValid(asFiles(spec));
        const { changes, grants, revocations, work, objects, notes } = diffDists(files, files);
        expect({ changes, grants, revocations, work, objects, notes }).toEqual({
          changes: [],
          grants: [],
          revocations: [],
          work: [],
          objects: [],
          notes: [],
        });
      }),
      runs(4),
    );
  });
});

describe('a service that nobody touched', () => {
  const many = Array.from(
    { length: 20 },
    (_, index) => `{ name: s${index}, clusters: [prod], secrets: [s${index}/db] }`,
  );
  const before = filesOf({ services: [payments, orders, ...many] });
  const store = /services\/s7\.yaml$/;
  const forged = before.map((file) =>
    store.test(file.path) ? { ...file, text: file.text.replace('value: s7', 'value: "\\x70ayments"') } : file,
  );

  it('is seen to read what changed elsewhere, however its own file writes the tag', () => {
    const without = forged.filter(({ path }) => !path.endsWith('/payments.json'));
    const { grants } = expectTruth(without, forged);
    expect(grants?.map(({ service, secret }) => `${service} ${secret}`).sort()).toEqual([
      'payments payments/api',
      's7 payments/api',
    ]);
  });

  it('is seen to read everything new by a policy that was too wide before', () => {
    const wide = before.map((file) =>
      file.path.endsWith('eso-secrets-access/policy.json')
        ? { ...file, text: file.text.replace(/"StringEquals": \{[^}]*\}[^}]*\},/, '') }
        : file,
    );
    const less = wide.filter(({ path }) => !path.endsWith('/s3.json'));
    const { grants } = expectTruth(less, wide);
    expect(grants).toHaveLength(22);
  });
});
