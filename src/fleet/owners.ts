import type { Path } from '../findings/finding.ts';
import type { AwsSecret, Cluster, SecretGroup, Store, Tag } from './model.ts';
import { compare } from './order.ts';
import type { Reporter } from './reporter.ts';

/** Resources of a template. Source: CloudFormation User Guide, "Understand CloudFormation quotas". */
const templateResources = 500;

interface Owner {
  readonly name: string;
  readonly account: string;
  readonly partition: string;
  /** Where the secret itself is. */
  readonly region: string;
  readonly identity: string;
  readonly tags: readonly Tag[];
  readonly path: Path;
  /** Further regions that it is read in. */
  readonly replicas: Set<string>;
}

/**
 * Sees to it that each AWS secret has one owner: a secret carries one value of each tag, so it can be read by one
 * identity only, with one value of every further tag. With a primary region all regions read replicas of one secret,
 * which have the tags of that secret.
 */
export class SecretOwners {
  private readonly owners = new Map<string, Owner>();
  private readonly primaryRegion: string | undefined;
  private readonly reporter: Reporter;

  constructor(primaryRegion: string | undefined, reporter: Reporter) {
    this.primaryRegion = primaryRegion;
    this.reporter = reporter;
  }

  /** Notes that a store's identity reads a secret, and reports it when that contradicts what was noted before. */
  claim(cluster: Cluster, secretName: string, store: Store, path: Path): void {
    const { partition, secretsAccount: account } = cluster;
    const region = this.primaryRegion ?? cluster.region;
    const key = `${partition}/${account}/${region}/${secretName}`;
    const owner = this.owners.get(key);
    const { identity, sessionTags: tags } = store;
    const replicas = owner?.replicas ?? new Set<string>();
    if (cluster.region !== region) replicas.add(cluster.region);
    if (owner === undefined) {
      this.owners.set(key, { name: secretName, account, partition, region, identity, tags, path, replicas });
    } else if (owner.identity !== store.identity) {
      this.reportIdentity(secretName, owner, store, path);
    } else {
      this.reportTags(secretName, owner, store, cluster, path);
    }
  }

  /** Every secret that was claimed, by account, region and identity. More than a template holds are warned of. */
  groups(): SecretGroup[] {
    const groups = new Map<string, SecretGroup & { secrets: AwsSecret[] }>();
    for (const owner of this.owners.values()) {
      const { name, account, partition, region, identity, tags, replicas } = owner;
      const key = `${account}/${region}/${identity}`;
      const group = groups.get(key) ?? { account, partition, region, identity, secrets: [] };
      groups.set(key, group);
      group.secrets.push({ name, tags, replicaRegions: [...replicas].sort() });
      if (group.secrets.length === templateResources + 1) this.reportTemplate(owner);
    }
    const sorted = [...groups].sort(([a], [b]) => compare(a, b)).map(([, group]) => group);
    for (const { secrets } of sorted) secrets.sort((a, b) => compare(a.name, b.name));
    return sorted;
  }

  /** Reports the first secret that is too many. */
  private reportTemplate({ identity, region, account, path }: Owner): void {
    const message = `"${identity}" has more secrets in ${region} of account ${account} than CloudFormation takes in the template that makes them`;
    this.reporter.report('template-size', path, message, {
      severity: 'warning',
      allowed: `at most ${templateResources}; for secrets that exist, "eso-abac aws tag-commands" needs no template`,
    });
  }

  private reportIdentity(secretName: string, owner: Owner, store: Store, path: Path): void {
    const first = `"${owner.identity}" (${this.reporter.place(owner.path)})`;
    const message = `secret "${secretName}" is wanted by ${first} and by "${store.identity}"`;
    const isShared = owner.path[0] === 'shared' || path[0] === 'shared';
    this.reporter.report('secret-owner', path, message, {
      allowed: isShared
        ? 'one owner: what is under "shared" is read through that entry alone'
        : `one owner; for several services: shared: [{ name: <its own>, services: [${owner.identity}, ${store.identity}], secrets: [${secretName}] }]`,
    });
  }

  private reportTags(secretName: string, owner: Owner, store: Store, cluster: Cluster, path: Path): void {
    for (const [index, tag] of store.sessionTags.entries()) {
      const other = owner.tags[index];
      if (other === undefined || other.value === tag.value) continue;
      const region = this.primaryRegion ?? cluster.region;
      const message = `secret "${secretName}" in ${region} of account ${cluster.secretsAccount} would need tag "${tag.key}" to be both "${other.value}" and "${tag.value}"`;
      this.reporter.report('secret-owner', path, message, {
        allowed: 'a secret for each value: an account or region of its own, or a placeholder in its name',
      });
    }
  }
}
