import type { Mapping } from '../../../src/proof/files/store.ts';
import { type GuardProof, judgeGuards } from '../../../src/proof/guard/judge.ts';
import type { Sample } from '../../../src/proof/guard/model.ts';
import { guardOf, platformOf } from './platform.ts';
import { manifest, sampleOf } from './service.ts';

const tags = { identityKey: 'team', keys: ['team', 'environment'] };

/** Judges clusters of these names, each with all of these objects. */
export function judgedIn(names: readonly string[], objects: readonly Mapping[], samples: readonly Sample[]) {
  const guard = { ...guardOf(...objects), servedVersions: ['v1'] };
  const platform = platformOf(objects);
  const clusters = names.map((name) => ({ name, tenants: [], guard, samples }));
  const dist = { roles: new Map(), clusters, secrets: [], guards: new Map() };
  const service = { path: 'ledger.yaml', text: manifest };
  return judgeGuards(new Map([platform, service].map((one) => [one.path, one])), dist, tags);
}

/** Judges a cluster whose platform has these objects. */
export function judged(objects: readonly Mapping[], samples: readonly Sample[] = [sampleOf()]): GuardProof {
  return judgedIn(['prod'], objects, samples);
}
