import type { Path } from '../findings/finding.ts';
import type { Cluster, Store, Tag } from './model.ts';
import type { Reporter } from './reporter.ts';

interface Owner {
  readonly identity: string;
  readonly tags: readonly Tag[];
  readonly path: Path;
}

/**
 * Sees to it that each AWS secret has one owner: a secret carries one value of each tag, so it can be read by one
 * identity only, with one value of every further tag.
 */
export class SecretOwners {
  private readonly owners = new Map<string, Owner>();
  private readonly reporter: Reporter;

  constructor(reporter: Reporter) {
    this.reporter = reporter;
  }

  /** Notes that a store's identity reads a secret, and reports it when that contradicts what was noted before. */
  claim(cluster: Cluster, secretName: string, store: Store, path: Path): void {
    const key = `${cluster.partition}/${cluster.secretsAccount}/${cluster.region}/${secretName}`;
    const owner = this.owners.get(key);
    if (owner === undefined) {
      this.owners.set(key, { identity: store.identity, tags: store.sessionTags, path });
    } else if (owner.identity !== store.identity) {
      this.reportIdentity(secretName, owner, store, path);
    } else if (owner.tags !== store.sessionTags) {
      this.reportTags(secretName, owner, store, cluster, path);
    }
  }

  private reportIdentity(secretName: string, owner: Owner, store: Store, path: Path): void {
    const first = `"${owner.identity}" (${this.reporter.place(owner.path)})`;
    this.reporter.report(
      'secret-owner',
      path,
      `secret "${secretName}" is wanted by ${first} and by "${store.identity}"`,
      {
        allowed: `one owner; for several services: shared: [{ name: <its own>, services: [${owner.identity}, ${store.identity}], secrets: [${secretName}] }]`,
      },
    );
  }

  private reportTags(secretName: string, owner: Owner, store: Store, cluster: Cluster, path: Path): void {
    for (const [index, tag] of store.sessionTags.entries()) {
      const other = owner.tags[index];
      if (other === undefined || other.value === tag.value) continue;
      const message = `secret "${secretName}" in ${cluster.region} of account ${cluster.secretsAccount} would need tag "${tag.key}" to be both "${other.value}" and "${tag.value}"`;
      this.reporter.report('secret-owner', path, message, {
        allowed: 'a secret for each value: an account or region of its own, or a placeholder in its name',
      });
    }
  }
}
