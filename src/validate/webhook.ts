import { durationSeconds } from '../duration.ts';
import type { Path, PathTarget } from '../findings/finding.ts';
import { nearest } from '../findings/nearest.ts';
import { regionPattern, regions } from '../findings/regions.ts';
import {
  describeValue,
  field,
  fieldAt,
  formatPath,
  isObject,
  items,
  type Problem,
  text,
} from './manifest.ts';

/** The API group of External Secrets Operator. */
export const esoGroup = 'external-secrets.io';

/**
 * What the operator's own admission webhook refuses, beyond the schemas.
 *
 * Source: External Secrets Operator, the validators of ExternalSecret and of the AWS provider's stores.
 *
 * @param kind of the group `external-secrets.io`
 */
export function checkWebhook(kind: string, object: unknown): Problem[] {
  const problems: Problem[] = [];
  const spec = field(object, 'spec');
  if (kind === 'ExternalSecret') for (const rule of externalSecretRules) rule(spec, problems);
  if (kind === 'SecretStore' || kind === 'ClusterSecretStore') checkStore(kind, object, problems);
  return problems;
}

type SpecRule = (spec: unknown, problems: Problem[]) => void;

const externalSecretRules: readonly SpecRule[] = [
  readableInterval,
  readsSomething,
  eachKeyOnce,
  oneSourceEach,
  deletionPolicies,
  templateTypes,
  templateTargets,
];

/** It is text to the schema. To an operator without webhook one that it cannot read hides all ExternalSecrets there are. */
function readableInterval(spec: unknown, problems: Problem[]): void {
  const interval = text(field(spec, 'refreshInterval'));
  if (interval === undefined || !Number.isNaN(durationSeconds(interval))) return;
  const message = `${describeValue(interval)} is no duration that the operator can read`;
  problems.push(refused(['spec', 'refreshInterval'], message, 'a duration of Go such as 1h, 15m or 1h30m'));
}

function readsSomething(spec: unknown, problems: Problem[]): void {
  if (items(field(spec, 'data')).length + items(field(spec, 'dataFrom')).length > 0) return;
  const allowed = '"data" or "dataFrom" with at least one entry';
  problems.push(refused(['spec'], 'the ExternalSecret reads nothing', allowed, 'key'));
}

/** The webhook refuses this with deletionPolicy Retain; with the others one of the values is lost as well. */
function eachKeyOnce(spec: unknown, problems: Problem[]): void {
  const retains = (fieldAt(spec, 'target', 'deletionPolicy') ?? 'Retain') === 'Retain';
  const severity = retains ? 'error' : 'warning';
  const seen = new Set<string>();
  for (const [index, entry] of items(field(spec, 'data')).entries()) {
    const key = text(field(entry, 'secretKey'));
    if (key === undefined) continue;
    if (seen.has(key)) {
      const path = ['spec', 'data', index, 'secretKey'];
      const message = `secretKey ${describeValue(key)} stands here twice`;
      problems.push({ ...refused(path, message, 'each key once'), severity });
    }
    seen.add(key);
  }
}

function oneSourceEach(spec: unknown, problems: Problem[]): void {
  for (const [index, entry] of items(field(spec, 'dataFrom')).entries()) {
    const path = ['spec', 'dataFrom', index];
    const generator = fieldAt(entry, 'sourceRef', 'generatorRef');
    const sources = [
      field(entry, 'extract') !== undefined && 'extract',
      field(entry, 'find') !== undefined && 'find',
      generator !== undefined && 'sourceRef.generatorRef',
    ].filter((source) => source !== false);
    const allowed = 'one of extract, find and sourceRef.generatorRef';
    if (sources.length > 1) problems.push(refused(path, `the entry has ${sources.join(' and ')}`, allowed));
    if (sources.length === 0) problems.push(refused(path, 'the entry names nothing to read', allowed));
  }
}

function deletionPolicies(spec: unknown, problems: Problem[]): void {
  const target = field(spec, 'target');
  const creation = text(field(target, 'creationPolicy')) ?? 'Owner';
  const deletion = text(field(target, 'deletionPolicy')) ?? 'Retain';
  if (deletion === 'Delete' && creation !== 'Owner') {
    const message = `deletionPolicy Delete cannot be used with creationPolicy ${creation}`;
    const allowed = 'creationPolicy Owner, or another deletionPolicy';
    problems.push(refused(['spec', 'target', 'deletionPolicy'], message, allowed));
  }
  if (deletion === 'Merge' && creation === 'None') {
    const message =
      'deletionPolicy Merge cannot be used with creationPolicy None: there is no Secret to merge into';
    const allowed = 'another creationPolicy or deletionPolicy';
    problems.push(refused(['spec', 'target', 'deletionPolicy'], message, allowed));
  }
}

function templateTypes(spec: unknown, problems: Problem[]): void {
  const message = refusedType(fieldAt(spec, 'target', 'template'));
  if (message !== undefined)
    problems.push(refused(['spec', 'target', 'template', 'type'], message, 'another type'));
}

function refusedType(template: unknown): string | undefined {
  const type = text(field(template, 'type'));
  if (type === 'bootstrap.kubernetes.io/token') return 'a Secret of this type lets nodes join the cluster';
  if (type !== 'kubernetes.io/service-account-token') return undefined;
  const annotations = fieldAt(template, 'metadata', 'annotations');
  return field(annotations, 'kubernetes.io/service-account.name') === undefined
    ? undefined
    : 'a Secret of this type with that annotation makes Kubernetes issue a token of the service account';
}

const templateTargetNames = ['Data', 'Annotations', 'Labels'];

function templateTargets(spec: unknown, problems: Problem[]): void {
  const target = field(spec, 'target');
  // With a target manifest, a template may write to any of its fields.
  if (field(target, 'manifest') !== undefined) return;
  for (const [index, entry] of items(fieldAt(target, 'template', 'templateFrom')).entries()) {
    const part = text(field(entry, 'target'));
    if (part === undefined || templateTargetNames.includes(part)) continue;
    const path = ['spec', 'target', 'template', 'templateFrom', index, 'target'];
    const message = `${describeValue(part)} is not a part of a Secret that a template can fill`;
    problems.push({
      ...refused(path, message, templateTargetNames.join(', ')),
      nearest: nearest(part, templateTargetNames),
    });
  }
}

function checkStore(kind: string, object: unknown, problems: Problem[]): void {
  const aws = fieldAt(object, 'spec', 'provider', 'aws');
  checkRegion(text(field(aws, 'region')), problems);
  const own = text(fieldAt(object, 'metadata', 'namespace'));
  if (kind !== 'SecretStore' || own === undefined) return;
  checkReferences(field(aws, 'auth'), ['spec', 'provider', 'aws', 'auth'], own, problems);
}

/** The webhook refuses every region that its AWS SDK does not know. One that opened later is only warned about. */
function checkRegion(region: string | undefined, problems: Problem[]): void {
  if (region === undefined || regions.has(region)) return;
  const path = ['spec', 'provider', 'aws', 'region'];
  const message = `${describeValue(region)} is not a known AWS region`;
  problems.push({
    ...refused(path, message, 'a region such as us-west-2'),
    severity: regionPattern.test(region) ? 'warning' : 'error',
    nearest: nearest(region, regions.keys()),
  });
}

/** A namespaced store may use service accounts and Secrets of its own namespace only. */
function checkReferences(value: unknown, path: Path, own: string, problems: Problem[]): void {
  if (!isObject(value)) return;
  const namespace = text(value.namespace);
  if (namespace !== undefined && value.name !== undefined && namespace !== own) {
    const message = `${formatPath(path)} is in another namespace than the SecretStore`;
    problems.push(refused([...path, 'namespace'], message, 'no namespace, or that of the SecretStore'));
  }
  for (const [key, entry] of Object.entries(value)) checkReferences(entry, [...path, key], own, problems);
}

function refused(path: Path, message: string, allowed: string, target?: PathTarget): Problem {
  return { rule: 'eso-webhook', message, allowed, path, target };
}
