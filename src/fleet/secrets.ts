import { durationSeconds } from '../duration.ts';
import type { Path } from '../findings/finding.ts';
import { isSecretKey } from '../secret-key.ts';
import {
  type EntryContext,
  placeOf,
  resolveList,
  type SecretEntry,
  type SecretList,
  type WantedSecret,
} from './entries.ts';
import type { ExternalSecretPlan, KeyPlan, RemoteSecret } from './model.ts';
import { secretKeyOf } from './names.ts';
import { compare } from './order.ts';
import type { Reporter } from './reporter.ts';
import { checkSecretType } from './secret-types.ts';

/** What the plans of one tenant are made with. */
export interface PlanContext extends EntryContext {
  readonly refreshInterval: string;
}

/** The entries of one ExternalSecret, in the order of the input. */
type Group = [SecretEntry, ...SecretEntry[]];

/**
 * The ExternalSecrets of one tenant, by name: entries with the same `as` become one. What cannot be is reported and
 * left out.
 */
export function planExternalSecrets(
  lists: readonly SecretList[],
  context: PlanContext,
): { plans: ExternalSecretPlan[]; wanted: WantedSecret[] } {
  const entries = lists.flatMap((list) => resolveList(list, context));
  const groups = new Map<string, Group>();
  for (const entry of entries) {
    const group = groups.get(entry.objectName);
    if (group === undefined) groups.set(entry.objectName, [entry]);
    else if (belongsTo(group, entry, context.reporter)) group.push(entry);
  }
  const plans: ExternalSecretPlan[] = [];
  for (const group of groups.values()) plans.push(planGroup(group, context));
  reportSameTarget(plans, groups, context.reporter);
  return { plans: plans.sort(byName), wanted: entries };
}

function byName(a: ExternalSecretPlan, b: ExternalSecretPlan): number {
  return compare(a.name, b.name);
}

/** Whether an entry may join an ExternalSecret: both say `as`, and they are read through the same store. */
function belongsTo([first]: Group, entry: SecretEntry, reporter: Reporter): boolean {
  const isSame = first.secretName === entry.secretName;
  if (first.store !== entry.store) {
    // One secret of two identities is reported as that.
    if (isSame) return false;
    const message = `"${entry.secretName}" and "${first.secretName}" (${reporter.place(placeOf(first))}) would both become ExternalSecret "${entry.objectName}", but belong to different identities`;
    reporter.report('name-conflict', placeOf(entry), message, {
      allowed: '"as" with another name for one of them',
    });
    return false;
  }
  if (first.spec.as !== undefined && entry.spec.as !== undefined) return true;
  if (isSame) {
    const message = `secret "${entry.secretName}" is already at ${reporter.place(placeOf(first))}`;
    reporter.report('name-conflict', placeOf(entry), message, {
      allowed: 'each once; for two Kubernetes Secrets from one secret, "as" with different names',
    });
    return false;
  }
  const message = `"${entry.secretName}" and "${first.secretName}" (${reporter.place(placeOf(first))}) would both become ExternalSecret "${entry.objectName}"`;
  reporter.report('name-conflict', placeOf(entry), message, {
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
  for (const entry of group) {
    if (entry.spec.refreshInterval !== undefined)
      warnShortInterval(entry.spec.refreshInterval, placeOf(entry), reporter);
  }
  for (const entry of group) {
    if (entry.spec.extract) extracts.push(entry.remote);
    else addKeys(entry, data, reporter);
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
    const typed = group.find((entry) => entry.spec.type !== undefined) ?? first;
    checkSecretType(plan, placeOf(typed, 'type'), reporter);
  }
  return plan;
}

function bySecretKey(a: KeyPlan, b: KeyPlan): number {
  return compare(a.secretKey, b.secretKey);
}

/** What the entries of one ExternalSecret say about a setting; saying two different things is reported. */
function agreed(
  group: readonly SecretEntry[],
  setting: 'type' | 'target' | 'refreshInterval',
  reporter: Reporter,
): string | undefined {
  let first: SecretEntry | undefined;
  for (const entry of group) {
    if (entry.spec[setting] === undefined) continue;
    first ??= entry;
    if (entry.spec[setting] === first.spec[setting]) continue;
    const message = `ExternalSecret "${entry.objectName}" is given two values of "${setting}": "${first.spec[setting]}" (${reporter.place(placeOf(first))}) and "${entry.spec[setting]}"`;
    reporter.report('name-conflict', placeOf(entry, setting), message, {
      allowed: `the same "${setting}" wherever it is said`,
    });
    break;
  }
  return first?.spec[setting];
}

/** Adds the keys of the Kubernetes Secret that an entry fills. */
function addKeys(entry: SecretEntry, data: KeyPlan[], reporter: Reporter): void {
  const { spec, remote, secretName } = entry;
  if (spec.keys === undefined) {
    const secretKey = secretKeyOf(secretName);
    if (!isSecretKey(secretKey)) {
      reporter.report('invalid-value', placeOf(entry), `no key can be made from "${secretName}"`, {
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
  const seen = new Map<string, SecretEntry>();
  for (const entry of group.filter(({ spec }) => !spec.extract)) {
    const { spec, secretName, remote } = entry;
    for (const key of Object.keys(spec.keys ?? { [secretKeyOf(secretName)]: '' })) {
      const first = seen.get(key);
      seen.set(key, first ?? entry);
      if (first === undefined) continue;
      const place = spec.keys === undefined ? placeOf(entry) : placeOf(entry, 'keys', key);
      const firstPlace = first.spec.keys === undefined ? placeOf(first) : placeOf(first, 'keys', key);
      const message = `key "${key}" would be filled twice: from "${first.remote.key}" (${reporter.place(firstPlace)}) and from "${remote.key}"`;
      reporter.report('name-conflict', place, message, { allowed: 'each key once in a Kubernetes Secret' });
    }
  }
}

const noTemplates: Readonly<Record<string, string>> = {};

function mergeTemplates(group: readonly SecretEntry[], reporter: Reporter): Readonly<Record<string, string>> {
  if (group.every(({ spec }) => spec.template === undefined)) return noTemplates;
  const templates = new Map<string, string>();
  for (const entry of group) {
    for (const [key, text] of Object.entries(entry.spec.template ?? {})) {
      if (templates.has(key)) {
        reporter.report('name-conflict', placeOf(entry, 'template', key), `key "${key}" has two templates`, {
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
