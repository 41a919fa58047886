import type { Finding } from '../../findings/finding.ts';
import type { Dist, Source } from '../files/model.ts';
import type { AbacTags } from '../tag-keys.ts';
import { identitiesIn } from './ground.ts';
import { Trial, type Tried } from './trial.ts';

/** An attack that was tried, and the policies that stopped it. */
export interface StoppedAttack {
  readonly attack: string;
  readonly stoppedBy: readonly string[];
  readonly clusters: readonly string[];
}

/** What was found about the guards of all clusters. */
export interface GuardProof {
  readonly findings: readonly Finding[];
  /** Those that some policy of some cluster stopped; where one got through, a finding says so. */
  readonly attacks: readonly StoppedAttack[];
  readonly assumptions: readonly string[];
  readonly cases: number;
}

/**
 * Judges the admission policies of each cluster: forgeries made from the real objects of its services must be refused,
 * whoever of the tenants asks, and the real objects and everyday work must be let through.
 *
 * @param files those of dist by path, to show where something stands
 */
export function judgeGuards(files: ReadonlyMap<string, Source>, dist: Dist, tags: AbacTags): GuardProof {
  const identities = identitiesIn(dist);
  const trials = dist.clusters.map((cluster) => new Trial(files, identities, tags, cluster).run());
  return {
    findings: trials.flatMap(({ results }) => results.findings()),
    attacks: stoppedIn(trials),
    assumptions: trials.flatMap(({ results }) => [...results.assumptions]),
    cases: trials.reduce((sum, { cases }) => sum + cases, 0),
  };
}

function stoppedIn(trials: readonly Tried[]): StoppedAttack[] {
  const attacks = new Map<string, { readonly by: Set<string>; readonly clusters: Set<string> }>();
  for (const { results, cluster } of trials)
    for (const [attack, policies] of results.stopped) {
      const known = attacks.get(attack) ?? { by: new Set(), clusters: new Set() };
      attacks.set(attack, known);
      for (const policy of policies) known.by.add(policy);
      known.clusters.add(cluster);
    }
  return [...attacks].map(([attack, { by, clusters }]) => ({
    attack,
    stoppedBy: [...by],
    clusters: [...clusters],
  }));
}
