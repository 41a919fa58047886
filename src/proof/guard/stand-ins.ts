import type { Finding } from '../../findings/finding.ts';
import { type Cluster, type Dist, startOf } from '../files/model.ts';
import { type Mapping, text } from '../files/store.ts';
import { serviceLabel } from '../files/tenants.ts';
import type { AbacTags } from '../tag-keys.ts';
import { administrator } from './authorizer.ts';
import { Admission } from './decide.ts';
import { realObjects } from './everyday.ts';
import { awsOf, tagsOf } from './ground.ts';
import { labelsOf } from './matching.ts';
import type { Guard, Sample } from './model.ts';
import { patched } from './requests.ts';

/** What stands in one guard where another one has a text; several where it stands for several things. */
type Counterparts = ReadonlyMap<string, ReadonlySet<string>>;

/** More combinations than this are those of no cluster. */
const mostCombinations = 1_000;

/** The same clusters, and what is to be said of those that nothing could be given to. */
export interface StandIns {
  readonly clusters: readonly Cluster[];
  readonly findings: readonly Finding[];
  readonly assumptions: readonly string[];
}

/**
 * Gives clusters that have admission policies and no services something to try them by: the operator there can claim whatever
 * it can claim elsewhere. It is what services of another cluster have, whose policies differ in texts alone, with these texts
 * exchanged.
 */
export function withStandIns({ clusters }: Pick<Dist, 'clusters'>, tags: AbacTags): StandIns {
  const models = clusters.filter(hasSamples).filter(isGuarded);
  const findings: Finding[] = [];
  const assumptions: string[] = [];
  const all = clusters.map((cluster): Cluster => {
    if (hasSamples(cluster) || !isGuarded(cluster)) return cluster;
    const { name, guard } = cluster;
    for (const model of models) {
      const counterparts = counterpartsIn(model.guard, guard);
      if (counterparts === undefined) continue;
      const samples = model.samples.map((sample) => standIn(sample, guard, counterparts, tags));
      return { ...cluster, samples, guard: { ...guard, servedVersions: model.guard.servedVersions } };
    }
    // So it is in a shard, too, which has every secret and some services only.
    if (models.length === 0)
      assumptions.push(
        `the admission policies of cluster "${name}" are right: no cluster with policies has services`,
      );
    else findings.push(unlike(cluster));
    return cluster;
  });
  return { clusters: all, findings, assumptions };
}

function hasSamples<One extends Cluster>(one: One): one is One & { readonly samples: readonly Sample[] } {
  return one.samples !== undefined && one.samples.length > 0;
}

function isGuarded<One extends Cluster>(one: One): one is One & { readonly guard: Guard } {
  return one.guard !== undefined && one.guard.policies.length > 0;
}

function unlike({ name, guard: { place } }: Cluster & { readonly guard: Guard }): Finding {
  return {
    rule: 'proof-guard',
    severity: 'error',
    message: `cluster "${name}" has no services, and its admission policies are like those of no cluster that has some: nothing shows what they refuse`,
    allowed: 'the policies that clusters with services have, but for region, roles and tags',
    location: startOf(place.file),
  };
}

/** Texts in expressions. One with a quote or a backslash in it is left where it is. */
const literal = /'([^'\\]*)'/g;

/** Undefined when the policies differ in more than texts of their expressions. */
function counterpartsIn(model: Guard, guard: Guard): Counterparts | undefined {
  const [one, other] = [model, guard].map(({ policies }) =>
    JSON.stringify(policies, (key, value: unknown) => (key === 'place' ? undefined : value)),
  ) as [string, string];
  if (one.replace(literal, "''") !== other.replace(literal, "''")) return undefined;
  const theirs = [...other.matchAll(literal)];
  const found = new Map<string, Set<string>>();
  for (const [index, [, own = '']] of [...one.matchAll(literal)].entries())
    found.set(own, (found.get(own) ?? new Set()).add(theirs[index]?.[1] ?? ''));
  return found;
}

/** The objects of a service, each store with the first settings with which the policies let it through. */
function standIn(sample: Sample, guard: Guard, counterparts: Counterparts, tags: AbacTags): Sample {
  const admission = new Admission(guard);
  const service = text(labelsOf(sample.namespace)[serviceLabel]);
  const isLetThrough = (store: Mapping) =>
    realObjects({ ...sample, stores: [store], externalSecrets: [] }, administrator).every(({ request }) => {
      const { refusals, problems } = admission.decide(request);
      return refusals.length + problems.length === 0;
    });
  const stores = sample.stores.map((store) => {
    const all = settingsOf(store, (value) => translations(value, service, counterparts), tags);
    return all.find(isLetThrough) ?? all[0] ?? store;
  });
  return { ...sample, stores, file: guard.place.file, documents: new Map() };
}

/** Every store whose settings are counterparts of those of another one. Its identity stays. */
function settingsOf(
  store: Mapping,
  counterpartsOf: (value: string) => readonly string[],
  { identityKey }: AbacTags,
): Mapping[] {
  const { region, role, externalID, additionalRoles } = awsOf(store);
  const roles = Array.isArray(additionalRoles) ? additionalRoles.map(text) : [];
  const tags = tagsOf(store);
  const values = [region, role, externalID].map(text);
  const further = tags.map(({ key, value }) => (key === identityKey ? [value] : counterpartsOf(value)));
  const options = [...values.map(counterpartsOf), ...roles.map(counterpartsOf), ...further];
  return combinations(options).map((chosen) => {
    const [newRegion, newRole, newId] = chosen;
    const aws = {
      region: newRegion,
      role: newRole,
      ...(externalID !== undefined && { externalID: newId }),
      ...(roles.length > 0 && { additionalRoles: chosen.slice(3, 3 + roles.length) }),
      sessionTags: tags.map(({ key }, index) => ({ key, value: chosen[3 + roles.length + index] })),
    };
    return patched(store, { spec: { provider: { aws } } });
  });
}

function combinations(options: readonly (readonly string[])[]): string[][] {
  return options.reduce<string[][]>(
    (all, own) => all.flatMap((one) => own.map((value) => [...one, value])).slice(0, mostCombinations),
    [[]],
  );
}

/** No ARN of AWS is longer. Source: IAM API Reference, arnType. */
const longest = 2048;

/** What a text of a store may be elsewhere: the counterparts of the whole, or of all that stands around the service's name. */
function translations(value: string, service: string, counterparts: Counterparts): readonly string[] {
  if (value.length > longest) return [value];
  const rests = new Map<string, readonly string[]>([['', ['']]]);
  const found = piecewise(value, service, counterparts, rests);
  return found.length === 0 ? [value] : found;
}

/** @param rests what is known of the ends of the text: the service's name may stand in it often */
function piecewise(
  value: string,
  service: string,
  counterparts: Counterparts,
  rests: Map<string, readonly string[]>,
): readonly string[] {
  const known = rests.get(value);
  if (known !== undefined) return known;
  const found = new Set(counterparts.get(value));
  for (
    let at = service === '' ? -1 : value.indexOf(service);
    at !== -1;
    at = value.indexOf(service, at + 1)
  ) {
    const before = at === 0 ? [''] : [...(counterparts.get(value.slice(0, at)) ?? [])];
    if (before.length === 0) continue;
    const behind = piecewise(value.slice(at + service.length), service, counterparts, rests);
    for (const one of before) for (const other of behind) found.add(one + service + other);
  }
  const some = [...found].slice(0, mostCombinations);
  rests.set(value, some);
  return some;
}
