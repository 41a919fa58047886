import type { Path } from '../findings/finding.ts';
import type { SecretSpec } from '../input/schema.ts';
import type { Cluster, ExternalSecretPlan, KeyPlan, RemoteSecret, Store } from './model.ts';
import {
  durationSeconds,
  isDnsSubdomain,
  isSecretKey,
  objectNameOf,
  parseSecretArn,
  type SecretArn,
  secretKeyOf,
} from './names.ts';
import { compare } from './order.ts';
import { fill, type PlaceholderValues } from './placeholders.ts';
import type { Reporter } from './reporter.ts';
import { checkSecretType } from './secret-types.ts';

/** An entry of a `secrets:` list, with what it is read through and where it stands. */
export interface SecretEntry {
  readonly spec: Exclude<SecretSpec, string>;
  /** The SecretStore that it is read through. */
  readonly store: Store;
  readonly path: Path;
}

/** Gives each entry of a `secrets:` list its store and its place. */
export function entriesOf(secrets: readonly SecretSpec[], store: Store, path: Path): SecretEntry[] {
  return secrets.map((secret, index) => ({
    spec: typeof secret === 'string' ? { name: secret } : secret,
    store,
    path: [...path, index, 'name'],
  }));
}

/** What the plans of one tenant are made with. */
export interface PlanContext {
  readonly cluster: Cluster;
  readonly values: PlaceholderValues;
  readonly refreshInterval: string;
  readonly reporter: Reporter;
}

/** An AWS secret that a tenant reads, for the check of who owns it. */
export interface WantedSecret {
  /** Its name without ARN, placeholders filled in. */
  readonly name: string;
  readonly store: Store;
  readonly path: Path;
}

interface Part extends SecretEntry {
  readonly remote: RemoteSecret;
  /** The secret's name without ARN. */
  readonly secretName: string;
  /** Name of the ExternalSecret. */
  readonly objectName: string;
}

/** The entries of one ExternalSecret, in the order of the input. */
type Group = [Part, ...Part[]];

/**
 * The ExternalSecrets of one tenant, by name: entries with the same `as` become one. What cannot be is reported and
 * left out.
 */
export function planExternalSecrets(
  entries: readonly SecretEntry[],
  context: PlanContext,
): { plans: ExternalSecretPlan[]; wanted: WantedSecret[] } {
  const parts = entries.flatMap((entry) => resolveEntry(entry, context) ?? []);
  const groups = new Map<string, Group>();
  for (const part of parts) {
    const group = groups.get(part.objectName);
    if (group === undefined) groups.set(part.objectName, [part]);
    else if (belongsTo(group, part, context.reporter)) group.push(part);
  }
  const planned = [...groups.values()].map((group) => ({ group, plan: planGroup(group, context) }));
  reportSameTarget(planned, context.reporter);
  return {
    plans: planned.map(({ plan }) => plan).sort((a, b) => compare(a.name, b.name)),
    wanted: parts.map(({ secretName, store, path }) => ({ name: secretName, store, path })),
  };
}

function resolveEntry(entry: SecretEntry, context: PlanContext): Part | undefined {
  const { spec, path } = entry;
  const { reporter, cluster, values } = context;
  if (spec.keys !== undefined && spec.extract !== undefined) {
    const message = `secret "${spec.name}" has both "keys" and "extract"`;
    reporter.report('invalid-value', path, message, {
      allowed: 'one of the two; a second entry with the same "as" can have the other',
    });
  }
  const key = fill(spec.name, values, path, reporter);
  if (key === undefined) return undefined;
  const arn = parseSecretArn(key);
  const secretName = arn?.name ?? key;
  if (arn !== undefined && !isReadableFrom(cluster, arn)) {
    const message = `the secret is in ${arn.region} of account ${arn.account} (${arn.partition}), but cluster "${cluster.name}" reads from ${cluster.region} of account ${cluster.secretsAccount} (${cluster.partition})`;
    reporter.report('secret-arn', path, message, {
      allowed: 'a secret of that region and account; a name works in each',
    });
  }
  if (arn === undefined && /-[A-Za-z0-9]{6}$/.test(key)) {
    const message = `"${key}" ends like a secret's ARN, with a hyphen and six characters; AWS may find the wrong secret by a partial ARN`;
    reporter.report('secret-name-suffix', path, message, {
      severity: 'warning',
      allowed: 'a name that does not end that way',
    });
  }
  const objectName = spec.as ?? objectNameOf(secretName);
  if (!isDnsSubdomain(objectName)) {
    const what = objectName === '' ? 'no object name' : 'no object name of at most 253 characters';
    reporter.report('invalid-value', path, `${what} can be made from "${secretName}"`, {
      allowed: '"as" with a name for it',
    });
    return undefined;
  }
  return {
    ...entry,
    remote: { key, version: spec.version },
    secretName,
    objectName,
  };
}

function isReadableFrom(cluster: Cluster, { partition, region, account }: SecretArn): boolean {
  return partition === cluster.partition && region === cluster.region && account === cluster.secretsAccount;
}

/** Whether an entry may join an ExternalSecret: both say `as`, and they are read through the same store. */
function belongsTo([first]: Group, part: Part, reporter: Reporter): boolean {
  const isSame = first.secretName === part.secretName;
  if (first.store !== part.store) {
    // One secret of two identities is reported as that.
    if (isSame) return false;
    const message = `"${part.secretName}" and "${first.secretName}" (${reporter.place(first.path)}) would both become ExternalSecret "${part.objectName}", but belong to different identities`;
    reporter.report('name-conflict', part.path, message, {
      allowed: '"as" with another name for one of them',
    });
    return false;
  }
  if (first.spec.as !== undefined && part.spec.as !== undefined) return true;
  if (isSame) {
    const message = `secret "${part.secretName}" is already at ${reporter.place(first.path)}`;
    reporter.report('name-conflict', part.path, message, {
      allowed: 'each once; for two Kubernetes Secrets from one secret, "as" with different names',
    });
    return false;
  }
  const message = `"${part.secretName}" and "${first.secretName}" (${reporter.place(first.path)}) would both become ExternalSecret "${part.objectName}"`;
  reporter.report('name-conflict', part.path, message, {
    allowed: '"as" with different names, or the same "as" on both to share one Kubernetes Secret',
  });
  return false;
}

function planGroup(group: Group, context: PlanContext): ExternalSecretPlan {
  const [first] = group;
  const { reporter } = context;
  const type = agreed(group, 'type', reporter);
  const target = agreed(group, 'target', reporter) ?? first.objectName;
  const refreshInterval = agreed(group, 'refreshInterval', reporter) ?? context.refreshInterval;
  for (const part of group) warnShortInterval(part.spec.refreshInterval, part.path, reporter);
  const data = group.flatMap((part) => keysOf(part, reporter));
  reportKeysTwice(data, reporter);
  const templates = mergeTemplates(group, reporter);
  const extracts = group.filter((part) => part.spec.extract).map((part) => part.remote);
  const plan: ExternalSecretPlan = {
    name: first.objectName,
    target,
    store: first.store.name,
    refreshInterval,
    type,
    data: data.map(({ path: _, ...key }) => key).sort((a, b) => compare(a.secretKey, b.secretKey)),
    extracts,
    templates,
  };
  const typed = group.find((part) => part.spec.type !== undefined) ?? first;
  checkSecretType(plan, [...typed.path.slice(0, -1), 'type'], reporter);
  return plan;
}

/** What the entries of one ExternalSecret say about a setting; saying two different things is reported. */
function agreed(
  group: readonly Part[],
  setting: 'type' | 'target' | 'refreshInterval',
  reporter: Reporter,
): string | undefined {
  const [first, ...others] = group.filter((part) => part.spec[setting] !== undefined);
  if (first === undefined) return undefined;
  const other = others.find((part) => part.spec[setting] !== first.spec[setting]);
  if (other !== undefined) {
    const message = `ExternalSecret "${other.objectName}" is given two values of "${setting}": "${first.spec[setting]}" (${reporter.place(first.path)}) and "${other.spec[setting]}"`;
    reporter.report('name-conflict', [...other.path.slice(0, -1), setting], message, {
      allowed: `the same "${setting}" wherever it is said`,
    });
  }
  return first.spec[setting];
}

interface PlacedKey extends KeyPlan {
  readonly path: Path;
}

function keysOf(part: Part, reporter: Reporter): PlacedKey[] {
  const { spec, remote, path, secretName } = part;
  if (spec.extract) return [];
  if (spec.keys !== undefined) {
    const base = path.slice(0, -1);
    return Object.entries(spec.keys).map(([secretKey, property]) => ({
      secretKey,
      remote,
      property,
      path: [...base, 'keys', secretKey],
    }));
  }
  const secretKey = secretKeyOf(secretName);
  if (!isSecretKey(secretKey)) {
    reporter.report('invalid-value', path, `no key can be made from "${secretName}"`, {
      allowed: '"keys" with the keys wanted',
    });
  }
  return [{ secretKey, remote, path }];
}

function reportKeysTwice(data: readonly PlacedKey[], reporter: Reporter): void {
  const seen = new Map<string, PlacedKey>();
  for (const key of data) {
    const first = seen.get(key.secretKey);
    seen.set(key.secretKey, first ?? key);
    if (first === undefined) continue;
    const message = `key "${key.secretKey}" would be filled twice: from "${first.remote.key}" (${reporter.place(first.path)}) and from "${key.remote.key}"`;
    reporter.report('name-conflict', key.path, message, { allowed: 'each key once in a Kubernetes Secret' });
  }
}

function mergeTemplates(group: readonly Part[], reporter: Reporter): Record<string, string> {
  const templates = new Map<string, string>();
  for (const { spec, path } of group) {
    for (const [key, text] of Object.entries(spec.template ?? {})) {
      if (templates.has(key)) {
        const place = [...path.slice(0, -1), 'template', key];
        reporter.report('name-conflict', place, `key "${key}" has two templates`, {
          allowed: 'each key once in a Kubernetes Secret',
        });
      }
      templates.set(key, text);
    }
  }
  return Object.fromEntries(templates);
}

function reportSameTarget(
  planned: readonly { readonly group: Group; readonly plan: ExternalSecretPlan }[],
  reporter: Reporter,
): void {
  const owners = new Map<string, string>();
  for (const { group, plan } of planned) {
    const { name, target } = plan;
    const owner = owners.get(target);
    owners.set(target, owner ?? name);
    if (owner === undefined) continue;
    const message = `ExternalSecrets "${owner}" and "${name}" would both write Secret "${target}"`;
    reporter.report('name-conflict', group[0].path, message, {
      allowed: 'a "target" of its own, or the same "as" on both',
    });
  }
}

/** Warns below a minute: each read is a priced call, and Secrets Manager limits how many there may be a second. */
export function warnShortInterval(interval: string | undefined, path: Path, reporter: Reporter): void {
  if (interval === undefined) return;
  const seconds = durationSeconds(interval);
  if (seconds === 0 || seconds >= 60) return;
  const message = `a refresh interval of ${interval} reads each secret more than once a minute, and every read is charged`;
  reporter.report('refresh-interval', path, message, {
    severity: 'warning',
    allowed: 'a minute or more; 0 reads once',
  });
}
