import { describe, expect, it } from 'vitest';
import type { Source } from '../../src/proof/files/model.ts';
import { readDist } from '../../src/proof/files/read.ts';
import { accessOf, arnOf, partitionOf } from '../../src/proof/matrix/decisions.ts';
import { Ways } from '../../src/proof/matrix/ways.ts';
import { proveDist } from '../../src/proof/prove/prove.ts';
import { rolesFor } from '../../src/proof/prove/role-use.ts';
import { Dice } from '../support/dice.ts';
import { damaged } from './damage.ts';
import { filesOf, fleets } from './fleets.ts';

/** How often each tree is damaged. */
const seeds = 60;

/**
 * What a tree means, decided pair by pair and without any of the proof's own reasoning: what each store of each
 * namespace may read, and the trust of every role as it stands.
 */
function meaning(sources: readonly Source[]): string[] {
  const { dist } = readDist(sources);
  const controllers = rolesFor('controller', dist);
  const ways = new Ways(dist, controllers);
  const trusts = [...dist.roles.values()].map(({ role }) => `${role.arn} ${withoutPlaces(role.trust)}`);
  const reads = dist.clusters.flatMap((cluster) =>
    cluster.tenants.flatMap((tenant) =>
      tenant.stores.flatMap((store) => {
        const { session } = ways.sessionOf(cluster, store);
        return dist.secrets.map((secret) => {
          const who = `${cluster.name} ${tenant.namespace} ${secret.name} in ${secret.region}`;
          if (session === undefined) return `${who}: no session`;
          const { allowed, denied } = accessOf(session, secret, arnOf(secret, partitionOf(session.role.arn)));
          return `${who}: ${allowed} ${denied}`;
        });
      }),
    ),
  );
  return [...new Set([...trusts, ...reads])].sort();
}

function withoutPlaces(value: unknown): string {
  return JSON.stringify(value, (key, item: unknown) =>
    key === 'location' || key === 'file' ? undefined : item,
  );
}

describe('a tree with one damaged file', () => {
  it.each(Object.entries(fleets))(
    '%s: fails, or means the same',
    (_, input) => {
      const files = filesOf(input);
      const before = meaning(files);
      const passed: string[] = [];
      for (let seed = 0; seed < seeds; seed++) {
        const { sources, file, what } = damaged(files, new Dice(seed));
        const { findings } = proveDist(sources);
        if (findings.length > 0) {
          expect(findings.every(({ severity, message }) => severity === 'error' && message !== '')).toBe(
            true,
          );
          continue;
        }
        passed.push(`${file}: ${what}`);
        const lost = before.filter((line) => !meaning(sources).includes(line));
        // A secret or a read that is not declared any more is no harm: nobody reads more than before.
        const gained = meaning(sources).filter(
          (line) => !before.includes(line) && line.endsWith(': true false'),
        );
        expect([file, what, ...gained]).toEqual([file, what]);
        expect([file, what, ...lost.filter((line) => line.startsWith('arn:'))]).toEqual([file, what]);
      }
      // Labels, annotations and templates of Secrets may change; what says who reads what may not.
      expect(seeds - passed.length).toBeGreaterThan(seeds / 4);
    },
    300_000,
  );
});
