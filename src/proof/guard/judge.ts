import type { Finding } from '../../findings/finding.ts';
import { sha256 } from '../../sha256.ts';
import type { Cluster, Dist, Source } from '../files/model.ts';
import type { AbacTags } from '../tag-keys.ts';
import { forgetExpressions } from './cel.ts';
import { foreignIdentities, type Identities, identitiesIn } from './ground.ts';
import { noGuard } from './model.ts';
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

/** Trials of one proof of which nothing was found, by all that they looked at. */
export type FineTrials = Map<string, Omit<Tried, 'cluster'>>;

/**
 * Judges the admission policies of each cluster: forgeries made from the real objects of its services must be refused,
 * whoever of the tenants asks, and the real objects and everyday work must be let through. Of clusters with one and the
 * same content, of which nothing is found, the first is tried.
 *
 * @param files those of dist by path, to show where something stands
 * @param latest of the proof before: what was tried then is not tried again. Afterwards it holds those of this one
 */
export function judgeGuards(
  files: ReadonlyMap<string, Source>,
  dist: Dist,
  tags: AbacTags,
  latest: FineTrials = new Map(),
): GuardProof {
  const identities = identitiesIn(dist);
  const common = sha256(exactly([tags, identities]));
  const before = new Map(latest);
  latest.clear();
  const trials = dist.clusters.map((cluster): Tried => {
    const content = common + contentOf(cluster, identities);
    const same = latest.get(content);
    if (same !== undefined) return { cluster, results: same.results, cases: 0 };
    const { results, cases } = before.get(content) ?? tryGuard(files, identities, tags, cluster);
    if (results.findings().length === 0) latest.set(content, { results, cases });
    return { cluster, results, cases };
  });
  return {
    findings: trials.flatMap(({ results }) => results.findings()),
    attacks: stoppedIn(trials),
    assumptions: trials.flatMap(assumptionsOf),
    cases: trials.reduce((sum, { cases }) => sum + cases, 0),
  };
}

function tryGuard(
  files: ReadonlyMap<string, Source>,
  identities: Identities,
  tags: AbacTags,
  cluster: Cluster,
): Tried {
  forgetExpressions();
  return new Trial(files, identities, tags, cluster).run();
}

/**
 * All that a trial looks at beside tags and identities of dist, as a text: policies, rights, the objects that forgeries are
 * made from, and whose identities they claim. Where these stand is left out: only a finding says it.
 */
function contentOf({ guard = noGuard(''), samples = [], tenants }: Cluster, identities: Identities): string {
  const { place, policies, ...rest } = guard;
  const rules = policies.map(({ place, bindings, ...policy }) => [
    policy,
    bindings.map(({ match }) => match),
  ]);
  const objects = samples.map((sample) => {
    const { namespace, stores, externalSecrets, isAgain } = sample;
    const foreign = foreignIdentities(sample, { tenants }, identities);
    return [namespace, stores, externalSecrets, isAgain, foreign];
  });
  return exactly([rest, rules, objects]);
}

/** A text that is equal for equal plain data. Unlike JSON alone, it tells apart whatever YAML can hold. */
function exactly(data: unknown): string {
  return JSON.stringify(data, (_, value: unknown) => {
    if (value instanceof Map || value instanceof Set) return [...value];
    if (typeof value === 'object') return value;
    return `${typeof value} ${Object.is(value, -0) ? '-0' : String(value)}`;
  });
}

function assumptionsOf({ cluster: { name, guard }, results }: Tried): string[] {
  if (guard?.isOff)
    return [
      `nobody but the platform team may create a SecretStore or label a namespace in cluster "${name}": it has no guard`,
    ];
  return [...results.allowed].map(
    (one) => `tenants in cluster "${name}" may have ${one}, which its policies name`,
  );
}

function stoppedIn(trials: readonly Tried[]): StoppedAttack[] {
  const attacks = new Map<string, { readonly by: Set<string>; readonly clusters: Set<string> }>();
  for (const { results, cluster } of trials)
    for (const [attack, policies] of results.stopped) {
      const known = attacks.get(attack) ?? { by: new Set(), clusters: new Set() };
      attacks.set(attack, known);
      for (const policy of policies) known.by.add(policy);
      known.clusters.add(cluster.name);
    }
  return [...attacks].map(([attack, { by, clusters }]) => ({
    attack,
    stoppedBy: [...by],
    clusters: [...clusters],
  }));
}
