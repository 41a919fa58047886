import type { Path } from '../findings/finding.ts';
import type { SecretSpec } from '../input/schema.ts';
import type { Cluster, ExternalSecretPlan, KeyPlan, RemoteSecret, Store } from './model.ts';
import {
  durationSeconds,
  endsLikeArn,
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

/** Secrets that are read through one store. */
export interface SecretList {
  readonly secrets: readonly SecretSpec[];
  readonly store: Store;
  /** Of the list. */
  readonly path: Path;
}

/** What the plans of one tenant are made with. */
export interface PlanContext {
  readonly cluster: Cluster;
  readonly values: PlaceholderValues;
  readonly refreshInterval: string;
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
interface Part extends WantedSecret {
  readonly spec: Exclude<SecretSpec, string>;
  readonly remote: RemoteSecret;
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
  lists: readonly SecretList[],
  context: PlanContext,
): { plans: ExternalSecretPlan[]; wanted: WantedSecret[] } {
  const parts = lists.flatMap((list) => resolveList(list, context));
  const groups = new Map<string, Group>();
  for (const part of parts) {
    const group = groups.get(part.objectName);
    if (group === undefined) groups.set(part.objectName, [part]);
    else if (belongsTo(group, part, context.reporter)) group.push(part);
  }
  const plans: ExternalSecretPlan[] = [];
  for (const group of groups.values()) plans.push(planGroup(group, context));
  reportSameTarget(plans, groups, context.reporter);
  return { plans: plans.sort(byName), wanted: parts };
}

function byName(a: ExternalSecretPlan, b: ExternalSecretPlan): number {
  return compare(a.name, b.name);
}

function resolveList({ secrets, store, path: list }: SecretList, context: PlanContext): Part[] {
  const parts: Part[] = [];
  for (const [index, secret] of secrets.entries()) {
    const spec = typeof secret === 'string' ? { name: secret } : secret;
    const names = namesOf(spec, { list, index }, context);
    if (names === undefined) continue;
    const { key, secretName, objectName } = names;
    parts.push({ spec, store, list, index, remote: { key, version: spec.version }, secretName, objectName });
  }
  return parts;
}

/** The names that an entry stands for: in AWS, as name or ARN and as name, and of the ExternalSecret. */
function namesOf(
  spec: Part['spec'],
  entry: Pick<Part, 'list' | 'index'>,
  { reporter, cluster, values }: PlanContext,
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

/** Whether an entry may join an ExternalSecret: both say `as`, and they are read through the same store. */
function belongsTo([first]: Group, part: Part, reporter: Reporter): boolean {
  const isSame = first.secretName === part.secretName;
  if (first.store !== part.store) {
    // One secret of two identities is reported as that.
    if (isSame) return false;
    const message = `"${part.secretName}" and "${first.secretName}" (${reporter.place(placeOf(first))}) would both become ExternalSecret "${part.objectName}", but belong to different identities`;
    reporter.report('name-conflict', placeOf(part), message, {
      allowed: '"as" with another name for one of them',
    });
    return false;
  }
  if (first.spec.as !== undefined && part.spec.as !== undefined) return true;
  if (isSame) {
    const message = `secret "${part.secretName}" is already at ${reporter.place(placeOf(first))}`;
    reporter.report('name-conflict', placeOf(part), message, {
      allowed: 'each once; for two Kubernetes Secrets from one secret, "as" with different names',
    });
    return false;
  }
  const message = `"${part.secretName}" and "${first.secretName}" (${reporter.place(placeOf(first))}) would both become ExternalSecret "${part.objectName}"`;
  reporter.report('name-conflict', placeOf(part), message, {
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
  const data: KeyPlan[] = [];
  const extracts: RemoteSecret[] = [];
  for (const part of group) {
    if (part.spec.refreshInterval !== undefined)
      warnShortInterval(part.spec.refreshInterval, placeOf(part), reporter);
  }
  for (const part of group) {
    if (part.spec.extract) extracts.push(part.remote);
    else addKeys(part, data, reporter);
  }
  reportKeysTwice(group, reporter);
  const templates = mergeTemplates(group, reporter);
  const plan: ExternalSecretPlan = {
    name: first.objectName,
    target,
    store: first.store.name,
    refreshInterval,
    type,
    data: data.sort(bySecretKey),
    extracts,
    templates,
  };
  if (type !== undefined) {
    const typed = group.find((part) => part.spec.type !== undefined) ?? first;
    checkSecretType(plan, placeOf(typed, 'type'), reporter);
  }
  return plan;
}

function bySecretKey(a: KeyPlan, b: KeyPlan): number {
  return compare(a.secretKey, b.secretKey);
}

/** What the entries of one ExternalSecret say about a setting; saying two different things is reported. */
function agreed(
  group: readonly Part[],
  setting: 'type' | 'target' | 'refreshInterval',
  reporter: Reporter,
): string | undefined {
  let first: Part | undefined;
  for (const part of group) {
    if (part.spec[setting] === undefined) continue;
    first ??= part;
    if (part.spec[setting] === first.spec[setting]) continue;
    const message = `ExternalSecret "${part.objectName}" is given two values of "${setting}": "${first.spec[setting]}" (${reporter.place(placeOf(first))}) and "${part.spec[setting]}"`;
    reporter.report('name-conflict', placeOf(part, setting), message, {
      allowed: `the same "${setting}" wherever it is said`,
    });
    break;
  }
  return first?.spec[setting];
}

/** Adds the keys of the Kubernetes Secret that an entry fills. */
function addKeys(part: Part, data: KeyPlan[], reporter: Reporter): void {
  const { spec, remote, secretName } = part;
  if (spec.keys === undefined) {
    const secretKey = secretKeyOf(secretName);
    if (!isSecretKey(secretKey)) {
      reporter.report('invalid-value', placeOf(part), `no key can be made from "${secretName}"`, {
        allowed: '"keys" with the keys wanted',
      });
    }
    data.push({ secretKey, remote, property: undefined });
    return;
  }
  for (const [secretKey, property] of Object.entries(spec.keys)) data.push({ secretKey, remote, property });
}

function reportKeysTwice(group: Group, reporter: Reporter): void {
  // The keys of one entry differ.
  if (group.length === 1) return;
  const seen = new Map<string, Part>();
  for (const part of group.filter(({ spec }) => !spec.extract)) {
    const { spec, secretName, remote } = part;
    for (const key of Object.keys(spec.keys ?? { [secretKeyOf(secretName)]: '' })) {
      const first = seen.get(key);
      seen.set(key, first ?? part);
      if (first === undefined) continue;
      const place = spec.keys === undefined ? placeOf(part) : placeOf(part, 'keys', key);
      const firstPlace = first.spec.keys === undefined ? placeOf(first) : placeOf(first, 'keys', key);
      const message = `key "${key}" would be filled twice: from "${first.remote.key}" (${reporter.place(firstPlace)}) and from "${remote.key}"`;
      reporter.report('name-conflict', place, message, { allowed: 'each key once in a Kubernetes Secret' });
    }
  }
}

const noTemplates: Readonly<Record<string, string>> = {};

function mergeTemplates(group: readonly Part[], reporter: Reporter): Readonly<Record<string, string>> {
  if (group.every(({ spec }) => spec.template === undefined)) return noTemplates;
  const templates = new Map<string, string>();
  for (const part of group) {
    for (const [key, text] of Object.entries(part.spec.template ?? {})) {
      if (templates.has(key)) {
        reporter.report('name-conflict', placeOf(part, 'template', key), `key "${key}" has two templates`, {
          allowed: 'each key once in a Kubernetes Secret',
        });
      }
      templates.set(key, text);
    }
  }
  return Object.fromEntries(templates);
}

/** @param groups the entries of each plan, by the name of the ExternalSecret */
function reportSameTarget(
  plans: readonly ExternalSecretPlan[],
  groups: ReadonlyMap<string, Group>,
  reporter: Reporter,
): void {
  // The names differ.
  if (plans.every(({ name, target }) => name === target)) return;
  const owners = new Map<string, string>();
  for (const { name, target } of plans) {
    const owner = owners.get(target);
    owners.set(target, owner ?? name);
    const [first] = groups.get(name) ?? [];
    if (owner === undefined || first === undefined) continue;
    const message = `ExternalSecrets "${owner}" and "${name}" would both write Secret "${target}"`;
    reporter.report('name-conflict', placeOf(first), message, {
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
