import { isDnsSubdomain } from '../dns-names.ts';
import type { Path } from '../findings/finding.ts';
import type { SecretSpec } from '../input/schema.ts';
import type { Cluster, RemoteSecret, Store } from './model.ts';
import { endsLikeArn, objectNameOf, parseSecretArn, type SecretArn } from './names.ts';
import { fill, type PlaceholderValues } from './placeholders.ts';
import type { Reporter } from './reporter.ts';

/** Secrets that are read through one store. */
export interface SecretList {
  readonly secrets: readonly SecretSpec[];
  readonly store: Store;
  /** Of the list. */
  readonly path: Path;
}

/** What the entries of one tenant are resolved with. */
export interface EntryContext {
  readonly cluster: Cluster;
  readonly values: PlaceholderValues;
  readonly reporter: Reporter;
}

/** An AWS secret that a tenant reads. */
export interface WantedSecret {
  /** Its name without ARN, placeholders filled in. */
  readonly secretName: string;
  /** The SecretStore that it is read through. */
  readonly store: Store;
  /** The list that it is in, and its index there. */
  readonly list: Path;
  readonly index: number;
}

/** Where a secret is named. Most are asked for by nobody, so they are not made ahead. */
export function placeOf({ list, index }: Pick<WantedSecret, 'list' | 'index'>, ...rest: Path): Path {
  return [...list, index, ...(rest.length > 0 ? rest : ['name'])];
}

/** An entry of a `secrets:` list. */
export interface SecretEntry extends WantedSecret {
  readonly spec: Exclude<SecretSpec, string>;
  readonly remote: RemoteSecret;
  /** Name of the ExternalSecret. */
  readonly objectName: string;
}

/** The entries of a list, without those that no name can be made of, which are reported. */
export function resolveList(
  { secrets, store, path: list }: SecretList,
  context: EntryContext,
): SecretEntry[] {
  const entries: SecretEntry[] = [];
  for (const [index, secret] of secrets.entries()) {
    const spec = typeof secret === 'string' ? { name: secret } : secret;
    const names = namesOf(spec, { list, index }, context);
    if (names === undefined) continue;
    const { key, secretName, objectName } = names;
    entries.push({
      spec,
      store,
      list,
      index,
      remote: { key, version: spec.version },
      secretName,
      objectName,
    });
  }
  return entries;
}

/** The names that an entry stands for: in AWS, as name or ARN and as name, and of the ExternalSecret. */
function namesOf(
  spec: SecretEntry['spec'],
  entry: Pick<SecretEntry, 'list' | 'index'>,
  { reporter, cluster, values }: EntryContext,
): { key: string; secretName: string; objectName: string } | undefined {
  if (spec.keys !== undefined && spec.extract !== undefined) {
    const message = `secret "${spec.name}" has both "keys" and "extract"`;
    reporter.report('invalid-value', placeOf(entry), message, {
      allowed: 'one of the two; a second entry with the same "as" can have the other',
    });
  }
  const key = fill(spec.name, values, () => placeOf(entry), reporter);
  if (key === undefined) return undefined;
  const arn = parseSecretArn(key);
  const secretName = arn?.name ?? key;
  if (arn !== undefined && !isReadableFrom(cluster, arn)) {
    const message = `the secret is in ${arn.region} of account ${arn.account} (${arn.partition}), but cluster "${cluster.name}" reads from ${cluster.region} of account ${cluster.secretsAccount} (${cluster.partition})`;
    reporter.report('secret-arn', placeOf(entry), message, {
      allowed: 'a secret of that region and account; a name works in each',
    });
  }
  if (arn === undefined && endsLikeArn(key)) {
    const message = `"${key}" ends like a secret's ARN, with a hyphen and six characters; AWS may find the wrong secret by a partial ARN`;
    reporter.report('secret-name-suffix', placeOf(entry), message, {
      severity: 'warning',
      allowed: 'a name that does not end that way',
    });
  }
  const objectName = spec.as ?? objectNameOf(secretName);
  if (!isDnsSubdomain(objectName)) {
    const what = objectName === '' ? 'no object name' : 'no object name of at most 253 characters';
    reporter.report('invalid-value', placeOf(entry), `${what} can be made from "${secretName}"`, {
      allowed: '"as" with a name for it',
    });
    return undefined;
  }
  return { key, secretName, objectName };
}

function isReadableFrom(cluster: Cluster, { partition, region, account }: SecretArn): boolean {
  return partition === cluster.partition && region === cluster.region && account === cluster.secretsAccount;
}
