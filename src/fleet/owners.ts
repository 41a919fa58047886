import { placeOf, type WantedSecret } from './entries.ts';
import type { AwsSecret, Cluster, SecretGroup } from './model.ts';
import { compare } from './order.ts';
import type { Reporter } from './reporter.ts';

/** Resources of a template. Source: CloudFormation User Guide, "Understand CloudFormation quotas". */
const templateResources = 500;

/** Where secrets are that have names of their own. */
interface Home {
  readonly account: string;
  readonly partition: string;
  readonly region: string;
  /** By the secret's name. */
  readonly owners: Map<string, Owner>;
  /** Of the account and region, by identity. */
  readonly groups: Groups;
}

type Groups = Map<string, SecretGroup & { readonly secrets: AwsSecret[] }>;

interface Owner {
  readonly home: Home;
  /** Who claimed the secret first. */
  readonly first: WantedSecret;
  /** Further regions that it is read in. */
  replicas: Set<string> | undefined;
}

const noRegions: readonly string[] = [];

/**
 * Sees to it that each AWS secret has one owner: a secret carries one value of each tag, so it can be read by one
 * identity only, with one value of every further tag. With a primary region all regions read replicas of one secret,
 * which have the tags of that secret.
 */
export class SecretOwners {
  /** In the order in which they were claimed. */
  private readonly owners: Owner[] = [];
  private readonly homes = new Map<string, Home>();
  private readonly homeOf = new Map<Cluster, Home>();
  private readonly groupsAt = new Map<string, Groups>();
  private readonly primaryRegion: string | undefined;
  private readonly reporter: Reporter;

  constructor(primaryRegion: string | undefined, reporter: Reporter) {
    this.primaryRegion = primaryRegion;
    this.reporter = reporter;
  }

  /** Notes that a store's identity reads a secret, and reports it when that contradicts what was noted before. */
  claim(cluster: Cluster, wanted: WantedSecret): void {
    const home = this.homeOf.get(cluster) ?? this.findHome(cluster);
    const known = home.owners.get(wanted.secretName);
    const owner = known ?? { home, first: wanted, replicas: undefined };
    if (cluster.region !== home.region) {
      owner.replicas ??= new Set();
      owner.replicas.add(cluster.region);
    }
    if (known === undefined) {
      home.owners.set(wanted.secretName, owner);
      this.owners.push(owner);
    } else if (known.first.store.identity !== wanted.store.identity) {
      this.reportIdentity(known.first, wanted);
    } else {
      this.reportTags(known, wanted);
    }
  }

  private findHome(cluster: Cluster): Home {
    const { partition, secretsAccount: account } = cluster;
    const region = this.primaryRegion ?? cluster.region;
    const place = `${account}/${region}/`;
    const groups: Groups = this.groupsAt.get(place) ?? new Map();
    this.groupsAt.set(place, groups);
    const key = `${partition}/${place}`;
    const home = this.homes.get(key) ?? { account, partition, region, owners: new Map(), groups };
    this.homes.set(key, home);
    this.homeOf.set(cluster, home);
    return home;
  }

  /** Every secret that was claimed, by account, region and identity. More than a template holds are warned of. */
  groups(): SecretGroup[] {
    for (const owner of this.owners) this.addToGroup(owner);
    const places = [...this.groupsAt].sort(([a], [b]) => compare(a, b));
    const groups = places.flatMap(([, groups]) => [...groups.values()].sort(byIdentity));
    for (const { secrets } of groups) secrets.sort(byName);
    return groups;
  }

  private addToGroup({ home, first, replicas }: Owner): void {
    const { account, partition, region, groups } = home;
    const { identity, sessionTags: tags } = first.store;
    let group = groups.get(identity);
    if (group === undefined) {
      group = { account, partition, region, identity, secrets: [] };
      groups.set(identity, group);
    }
    const replicaRegions = replicas === undefined ? noRegions : [...replicas].sort();
    group.secrets.push({ name: first.secretName, tags, replicaRegions });
    if (group.secrets.length === templateResources + 1) this.reportTemplate(home, first);
  }

  /** Reports the first secret that is too many. */
  private reportTemplate({ region, account }: Home, wanted: WantedSecret): void {
    const message = `"${wanted.store.identity}" has more secrets in ${region} of account ${account} than CloudFormation takes in the template that makes them`;
    this.reporter.report('template-size', placeOf(wanted), message, {
      severity: 'warning',
      allowed: `at most ${templateResources}; for secrets that exist, "eso-abac aws tag-commands" needs no template`,
    });
  }

  private reportIdentity(first: WantedSecret, wanted: WantedSecret): void {
    const { secretName, store } = wanted;
    const owner = first.store.identity;
    const message = `secret "${secretName}" is wanted by "${owner}" (${this.reporter.place(placeOf(first))}) and by "${store.identity}"`;
    const isShared = first.list[0] === 'shared' || wanted.list[0] === 'shared';
    this.reporter.report('secret-owner', placeOf(wanted), message, {
      allowed: isShared
        ? 'one owner: what is under "shared" is read through that entry alone'
        : `one owner; for several services: shared: [{ name: <its own>, services: [${owner}, ${store.identity}], secrets: [${secretName}] }]`,
    });
  }

  private reportTags({ home, first }: Owner, wanted: WantedSecret): void {
    if (first.store.sessionTags === wanted.store.sessionTags) return;
    for (const [index, tag] of wanted.store.sessionTags.entries()) {
      const other = first.store.sessionTags[index];
      if (other === undefined || other.value === tag.value) continue;
      const message = `secret "${wanted.secretName}" in ${home.region} of account ${home.account} would need tag "${tag.key}" to be both "${other.value}" and "${tag.value}"`;
      this.reporter.report('secret-owner', placeOf(wanted), message, {
        allowed: 'a secret for each value: an account or region of its own, or a placeholder in its name',
      });
    }
  }
}

function byIdentity(a: SecretGroup, b: SecretGroup): number {
  return compare(a.identity, b.identity);
}

function byName(a: AwsSecret, b: AwsSecret): number {
  return compare(a.name, b.name);
}
