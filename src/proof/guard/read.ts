import type { Finding } from '../../findings/finding.ts';
import { checkWordsForEngines, wordsForEngines } from '../files/metadata.ts';
import type { Reading, Source } from '../files/model.ts';
import { startOf } from '../files/model.ts';
import { refusedIn } from '../files/refused.ts';
import { list, type Mapping, mapping, text } from '../files/store.ts';
import { locate, objectsIn } from '../files/tenants.ts';
import { chartAccount, type Guard, noGuard, type Place } from './model.ts';
import { type Binding, readBinding, readPolicy } from './read-policy.ts';
import { readGrants, readRole } from './read-rights.ts';

/** Says what is wrong at a place in an object. */
export type Complain = (
  rule: Finding['rule'],
  path: readonly (string | number)[],
  message: string,
  allowed: string,
) => void;

/** An object in a file of a cluster's platform. */
export interface PlatformObject {
  readonly object: Mapping;
  readonly place: Place;
  readonly complain: Complain;
}

/** What each kind of object in a cluster's platform has, besides what every object has. */
const kinds: Readonly<Record<string, { readonly apiVersion: string; readonly fields: readonly string[] }>> = {
  ValidatingAdmissionPolicy: { apiVersion: 'admissionregistration.k8s.io/v1', fields: ['spec'] },
  ValidatingAdmissionPolicyBinding: { apiVersion: 'admissionregistration.k8s.io/v1', fields: ['spec'] },
  ClusterRole: { apiVersion: 'rbac.authorization.k8s.io/v1', fields: ['rules'] },
  ClusterRoleBinding: { apiVersion: 'rbac.authorization.k8s.io/v1', fields: ['roleRef', 'subjects'] },
  Namespace: { apiVersion: 'v1', fields: [] },
};

/** etcd takes no larger objects. Source: etcd, "System limits", with room for what is escaped. */
const largest = 1_000_000;

/** An annotation can make a GitOps engine pass an object over, or delete it. */
const annotations = [
  'argocd.argoproj.io/sync-options',
  'eso-abac/guard',
  'kustomize.toolkit.fluxcd.io/prune',
];

/** Others of the operator's Namespace can weaken what is enforced there, or have admission controllers change its pods. */
const namespaceLabels = [
  'app.kubernetes.io/managed-by',
  'kubernetes.io/metadata.name',
  ...['enforce', 'audit', 'warn'].map((mode) => `pod-security.kubernetes.io/${mode}`),
];

/**
 * Reads the files of a cluster's platform: admission policies with their bindings, roles with theirs, and the operator's
 * Namespace. Any other object is reported, for it is applied with the rest.
 *
 * @param sources none when the cluster has no such files
 * @param known gets the objects by the text that they were read from: the files of most clusters are the same
 */
export function readGuard(
  cluster: string,
  sources: readonly Source[],
  reading: Reading,
  known = new Map<string, readonly Mapping[]>(),
): Guard {
  const findings: Finding[] = [];
  const unseen = new Map<Source, readonly Mapping[]>();
  const objects = sources.flatMap((source) => {
    const before = known.get(source.text);
    const objects = before ?? objectsIn(source, reading);
    if (objects === undefined) return [];
    known.set(source.text, objects);
    if (source.text.length > largest)
      reading.document(startOf(source.path), 'a file of more than a megabyte', 'what every reader takes');
    if (before === undefined) unseen.set(source, objects);
    return objectsOf(source, objects, findings);
  });
  reportDoubles(objects);
  const of = (kind: string) => objects.filter(({ object }) => object.kind === kind);
  const bindings = of('ValidatingAdmissionPolicyBinding').map(readBinding);
  const policies = of('ValidatingAdmissionPolicy').map((one) => readPolicy(one, bindings));
  const roles = of('ClusterRole').map(readRole);
  reportUnbound(bindings, policies);
  const guard = {
    policies,
    roles: of('ClusterRole').map(rightsObject),
    bindings: of('ClusterRoleBinding').map(rightsObject),
    grants: of('ClusterRoleBinding').flatMap((one) => readGrants(one, roles)),
    operatorAccount: chartAccount,
    servedVersions: [],
    ...readOperatorNamespace(cluster, of('Namespace'), policies.length > 0),
    findings,
  };
  // Most of it is said in better words already.
  if (findings.length === 0) for (const file of unseen) findings.push(...refusedIn(...file));
  return guard;
}

/** Of two objects of one name the one that is applied last stays. */
function reportDoubles(objects: readonly PlatformObject[]): void {
  const seen = new Set<string>();
  for (const one of objects) {
    const key = `${text(one.object.kind)} "${nameOf(one)}"`;
    if (seen.has(key))
      one.complain('proof-guard', ['metadata', 'name'], `a second ${key} replaces the first`, 'each once');
    seen.add(key);
  }
}

function reportUnbound(bindings: readonly Binding[], policies: readonly { readonly name: string }[]): void {
  const names = policies.map(({ name }) => name);
  for (const { policyName, complain } of bindings)
    if (!names.includes(policyName))
      complain('proof-guard', ['spec', 'policyName'], `there is no policy "${policyName}"`, names.join(', '));
}

function objectsOf(source: Source, objects: readonly Mapping[], findings: Finding[]): PlatformObject[] {
  return objects.flatMap((object, document) => {
    const complain: Complain = (rule, path, message, allowed) => {
      const location = locate(source, { document, path }) ?? startOf(source.path);
      findings.push({ rule, severity: 'error', message, allowed, location });
    };
    const name = text(object.kind);
    const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    if (kind === undefined || object.apiVersion !== kind.apiVersion) {
      const message = `an object that the proof knows nothing about: ${String(object.kind)} of ${String(object.apiVersion)}`;
      complain('proof-document', ['kind'], message, Object.keys(kinds).join(', '));
      return [];
    }
    unknownKeys(object, ['apiVersion', 'kind', 'metadata', ...kind.fields], [], complain);
    unknownKeys(object.metadata, ['name', 'labels', 'annotations'], ['metadata'], complain);
    reportAnnotations(object, complain);
    return [{ object, place: { file: source.path, document }, complain }];
  });
}

/** An annotation that is told as a word for an engine is not told as an unknown one again. */
function reportAnnotations(object: Mapping, complain: Complain): void {
  const told = new Set<string | number | undefined>();
  checkWordsForEngines(object, (path, ...why) => {
    told.add(path.at(-1));
    complain('proof-document', path, ...why);
  });
  const all = Object.entries(mapping(mapping(object.metadata).annotations));
  const others = Object.fromEntries(all.filter(([key]) => !told.has(key)));
  unknownKeys(others, annotations, ['metadata', 'annotations'], complain);
}

/** Complains about each key that is not among these, as it may change what the object does. */
export function unknownKeys(
  value: unknown,
  known: readonly string[],
  path: readonly (string | number)[],
  complain: Complain,
): void {
  for (const key of Object.keys(mapping(value)))
    if (!known.includes(key))
      complain(
        'proof-document',
        [...path, key],
        `"${key}" is something that the proof knows nothing about`,
        known.join(', '),
      );
}

/** The texts of a list. */
export function texts(value: unknown): string[] {
  return list(value).map(text);
}

/** The name of an object. */
export function nameOf({ object }: PlatformObject): string {
  return text(mapping(object.metadata).name);
}

function rightsObject(one: PlatformObject) {
  return { name: nameOf(one), object: one.object };
}

/** The operator's Namespace, by which a cluster says that it has no guard. One with policies cannot be without. */
function readOperatorNamespace(
  cluster: string,
  [namespace, ...others]: readonly PlatformObject[],
  hasPolicies: boolean,
): Pick<Guard, 'operatorNamespace' | 'isOff' | 'place'> {
  if (namespace === undefined) return { operatorNamespace: '', isOff: false, place: noGuard(cluster).place };
  for (const { complain } of others)
    complain('proof-document', ['kind'], 'a second Namespace', "the operator's alone");
  const { object, place, complain } = namespace;
  const metadata = mapping(object.metadata);
  const path = ['metadata', 'annotations', 'eso-abac/guard'];
  const isOff = mapping(metadata.annotations)['eso-abac/guard'] === 'false';
  if (isOff && hasPolicies) {
    const message = 'the cluster says that it has no guard, and has one';
    complain('proof-guard', path, message, 'policies without this annotation');
  }
  reportLabels(mapping(metadata.labels), complain);
  return { operatorNamespace: nameOf(namespace), isOff: isOff && !hasPolicies, place };
}

/** Whoever may run any pod in the operator's namespace, or write a store there, is the operator. */
function reportLabels(labels: Mapping, complain: Complain): void {
  const told = new Set(wordsForEngines(labels));
  for (const key of Object.keys(labels))
    if (/(^|\.)eso-abac\//.test(key)) {
      told.add(key);
      const message = "the operator's namespace is labelled as that of a service";
      complain('proof-guard', ['metadata', 'labels', key], message, 'no label of an identity');
    }
  const others = Object.fromEntries(Object.entries(labels).filter(([key]) => !told.has(key)));
  unknownKeys(others, namespaceLabels, ['metadata', 'labels'], complain);
  const enforced = 'pod-security.kubernetes.io/enforce';
  if (labels[enforced] !== 'restricted') {
    const message = "pods with privileges may run in the operator's namespace";
    complain('proof-guard', ['metadata', 'labels'], message, `${enforced}: restricted`);
  }
}
