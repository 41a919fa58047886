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
  if (kind === 'ExternalSecret') return externalSecretRules.flatMap((rule) => rule(field(object, 'spec')));
  if (kind === 'SecretStore' || kind === 'ClusterSecretStore') return storeProblems(kind, object);
  return [];
}

type SpecRule = (spec: unknown) => Problem[];

const externalSecretRules: readonly SpecRule[] = [
  readsSomething,
  eachKeyOnce,
  oneSourceEach,
  deletionPolicies,
  templateTypes,
  templateTargets,
];

function readsSomething(spec: unknown): Problem[] {
  if (items(field(spec, 'data')).length + items(field(spec, 'dataFrom')).length > 0) return [];
  return [
    refused(
      ['spec'],
      'the ExternalSecret reads nothing',
      '"data" or "dataFrom" with at least one entry',
      'key',
    ),
  ];
}

/** The webhook refuses this with deletionPolicy Retain; with the others one of the values is lost as well. */
function eachKeyOnce(spec: unknown): Problem[] {
  const retains = (field(field(spec, 'target'), 'deletionPolicy') ?? 'Retain') === 'Retain';
  const severity = retains ? 'error' : 'warning';
  const seen = new Set<string>();
  return items(field(spec, 'data')).flatMap((entry, index) => {
    const key = text(field(entry, 'secretKey'));
    if (key === undefined) return [];
    const isTwice = seen.has(key);
    seen.add(key);
    const path = ['spec', 'data', index, 'secretKey'];
    const message = `secretKey ${describeValue(key)} stands here twice`;
    return isTwice ? [{ ...refused(path, message, 'each key once'), severity }] : [];
  });
}

function oneSourceEach(spec: unknown): Problem[] {
  return items(field(spec, 'dataFrom')).flatMap((entry, index) => {
    const path = ['spec', 'dataFrom', index];
    const generator = fieldAt(entry, 'sourceRef', 'generatorRef');
    const sources = [
      field(entry, 'extract') !== undefined && 'extract',
      field(entry, 'find') !== undefined && 'find',
      generator !== undefined && 'sourceRef.generatorRef',
    ].filter((source) => source !== false);
    const allowed = 'one of extract, find and sourceRef.generatorRef';
    if (sources.length > 1) return [refused(path, `the entry has ${sources.join(' and ')}`, allowed)];
    if (sources.length === 0) return [refused(path, 'the entry names nothing to read', allowed)];
    return [];
  });
}

function deletionPolicies(spec: unknown): Problem[] {
  const creation = text(fieldAt(spec, 'target', 'creationPolicy')) ?? 'Owner';
  const deletion = text(fieldAt(spec, 'target', 'deletionPolicy')) ?? 'Retain';
  const path = ['spec', 'target', 'deletionPolicy'];
  if (deletion === 'Delete' && creation !== 'Owner') {
    const message = `deletionPolicy Delete cannot be used with creationPolicy ${creation}`;
    return [refused(path, message, 'creationPolicy Owner, or another deletionPolicy')];
  }
  if (deletion === 'Merge' && creation === 'None') {
    const message =
      'deletionPolicy Merge cannot be used with creationPolicy None: there is no Secret to merge into';
    return [refused(path, message, 'another creationPolicy or deletionPolicy')];
  }
  return [];
}

function templateTypes(spec: unknown): Problem[] {
  const template = fieldAt(spec, 'target', 'template');
  const type = text(field(template, 'type'));
  const path = ['spec', 'target', 'template', 'type'];
  if (type === 'bootstrap.kubernetes.io/token') {
    return [refused(path, 'a Secret of this type lets nodes join the cluster', 'another type')];
  }
  const annotations = fieldAt(template, 'metadata', 'annotations');
  const account = field(annotations, 'kubernetes.io/service-account.name');
  if (type === 'kubernetes.io/service-account-token' && account !== undefined) {
    const message =
      'a Secret of this type with that annotation makes Kubernetes issue a token of the service account';
    return [refused(path, message, 'another type')];
  }
  return [];
}

const templateTargetNames = ['Data', 'Annotations', 'Labels'];

function templateTargets(spec: unknown): Problem[] {
  // With a target manifest, a template may write to any of its fields.
  if (fieldAt(spec, 'target', 'manifest') !== undefined) return [];
  return items(fieldAt(spec, 'target', 'template', 'templateFrom')).flatMap((entry, index) => {
    const target = text(field(entry, 'target'));
    if (target === undefined || templateTargetNames.some((name) => name === target)) return [];
    const path = ['spec', 'target', 'template', 'templateFrom', index, 'target'];
    const message = `${describeValue(target)} is not a part of a Secret that a template can fill`;
    return [
      {
        ...refused(path, message, templateTargetNames.join(', ')),
        nearest: nearest(target, templateTargetNames),
      },
    ];
  });
}

function storeProblems(kind: string, object: unknown): Problem[] {
  const aws = fieldAt(object, 'spec', 'provider', 'aws');
  const references = kind === 'SecretStore' ? otherNamespaces(object, aws) : [];
  return [...regionProblems(aws), ...references];
}

/** The webhook refuses every region that its AWS SDK does not know. One that opened later is only warned about. */
function regionProblems(aws: unknown): Problem[] {
  const region = text(field(aws, 'region'));
  if (region === undefined || regions.has(region)) return [];
  const path = ['spec', 'provider', 'aws', 'region'];
  const problem = refused(
    path,
    `${describeValue(region)} is not a known AWS region`,
    'a region such as us-west-2',
  );
  const severity = regionPattern.test(region) ? 'warning' : 'error';
  return [{ ...problem, severity, nearest: nearest(region, regions.keys()) }];
}

/** A namespaced store may use service accounts and Secrets of its own namespace only. */
function otherNamespaces(object: unknown, aws: unknown): Problem[] {
  const own = text(fieldAt(object, 'metadata', 'namespace'));
  if (own === undefined) return [];
  const found = [...references(field(aws, 'auth'), ['spec', 'provider', 'aws', 'auth'])];
  return found.flatMap(({ path, namespace }) => {
    if (namespace === own) return [];
    const message = `${formatPath(path.slice(0, -1))} is in another namespace than the SecretStore`;
    return [refused(path, message, 'no namespace, or that of the SecretStore')];
  });
}

function* references(value: unknown, path: Path): Generator<{ path: Path; namespace: string }> {
  if (!isObject(value)) return;
  const namespace = text(value.namespace);
  if (namespace !== undefined && value.name !== undefined) yield { path: [...path, 'namespace'], namespace };
  for (const [key, entry] of Object.entries(value)) yield* references(entry, [...path, key]);
}

function refused(path: Path, message: string, allowed: string, target?: PathTarget): Problem {
  return { rule: 'eso-webhook', message, allowed, path, target };
}
