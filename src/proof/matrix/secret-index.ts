import type { DistSecret, Store } from '../files/model.ts';
import { accountOf } from '../iam/arn.ts';
import { arnBeginning, partitionOf } from './decisions.ts';

type ByName = Map<string, DistSecret>;

/** The secrets of dist by account, region and name. */
export class SecretIndex {
  private readonly byAccount = new Map<string, Map<string, ByName>>();
  /** The first of those with the same place and name, by each that comes later. */
  private readonly firsts = new Map<DistSecret, DistSecret>();
  private readonly accounts = new Map<string, string>();

  constructor(secrets: readonly DistSecret[]) {
    for (const secret of secrets) {
      const names = this.namesIn(secret);
      const before = names.get(secret.name);
      if (before !== undefined) this.firsts.set(secret, this.firsts.get(before) ?? before);
      names.set(secret.name, secret);
    }
  }

  private namesIn({ account, region }: DistSecret): ByName {
    const regions = this.byAccount.get(account) ?? new Map<string, ByName>();
    this.byAccount.set(account, regions);
    const names = regions.get(region) ?? new Map<string, DistSecret>();
    regions.set(region, names);
    return names;
  }

  /** The secret with the same name in the same region that stands before this one. */
  firstOf(secret: DistSecret): DistSecret | undefined {
    return this.firsts.get(secret);
  }

  /** The secret that a store's key names, in the account of its role and its own region. */
  find({ role, region }: Store, key: string): DistSecret | undefined {
    const account = this.accounts.get(role) ?? accountOf(role) ?? '';
    this.accounts.set(role, account);
    const names = this.byAccount.get(account)?.get(region);
    if (!key.startsWith('arn:')) return names?.get(key);
    const beginning = arnBeginning({ region, account }, partitionOf(role));
    if (!key.startsWith(beginning)) return undefined;
    const name = key.slice(beginning.length);
    return names?.get(name) ?? names?.get(name.replace(/-[A-Za-z0-9]{6}$/, ''));
  }
}
