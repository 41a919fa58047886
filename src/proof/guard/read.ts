import type { Finding } from '../../findings/finding.ts';
import type { Reading, Source } from '../files/model.ts';
import { startOf } from '../files/model.ts';
import { list, type Mapping, mapping, text } from '../files/store.ts';
import { locate, objectsIn } from '../files/tenants.ts';
import { type Guard, noGuard, type Place } from './model.ts';
import { readBinding, readPolicy } from './read-policy.ts';
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

/**
 * Reads the files of a cluster's platform: admission policies with their bindings, roles with theirs, and the operator's
 * Namespace. Any other object is reported, for it is applied with the rest.
 *
 * @param sources none when the cluster has no such files
 */
export function readGuard(cluster: string, sources: readonly Source[], reading: Reading): Guard {
  const findings: Finding[] = [];
  const objects = sources.flatMap((source) => objectsOf(source, findings, reading));
  const of = (kind: string) => objects.filter(({ object }) => object.kind === kind);
  const bindings = of('ValidatingAdmissionPolicyBinding').flatMap((one) => readBinding(one) ?? []);
  const policies = of('ValidatingAdmissionPolicy').map((one) => readPolicy(one, bindings));
  const roles = of('ClusterRole').map(readRole);
  const names = new Set(policies.map(({ name }) => name));
  for (const { policyName, complain } of bindings)
    if (!names.has(policyName))
      complain(
        'proof-guard',
        ['spec', 'policyName'],
        `there is no policy "${policyName}"`,
        [...names].join(', '),
      );
  const [namespace, ...others] = of('Namespace');
  for (const { complain } of others)
    complain('proof-document', ['kind'], 'a second Namespace', "the operator's alone");
  return {
    policies,
    roles: of('ClusterRole').map(rightsObject),
    bindings: of('ClusterRoleBinding').map(rightsObject),
    grants: of('ClusterRoleBinding').flatMap((one) => readGrants(one, roles)),
    operatorNamespace: namespace === undefined ? '' : nameOf(namespace),
    isOff: namespace !== undefined && isOff(namespace, policies.length),
    place: namespace?.place ?? noGuard(cluster).place,
    findings,
  };
}

function objectsOf(source: Source, findings: Finding[], reading: Reading): PlatformObject[] {
  const objects = objectsIn(source, reading) ?? [];
  return objects.flatMap((object, document) => {
    const complain: Complain = (rule, path, message, allowed) => {
      const location = locate(source, { document, path }) ?? startOf(source.path);
      findings.push({ rule, severity: 'error', message, allowed, location });
    };
    const kind = kinds[text(object.kind)];
    if (kind === undefined || object.apiVersion !== kind.apiVersion) {
      const message = `an object that the proof knows nothing about: ${String(object.kind)} of ${String(object.apiVersion)}`;
      complain('proof-document', ['kind'], message, Object.keys(kinds).join(', '));
      return [];
    }
    unknownKeys(object, ['apiVersion', 'kind', 'metadata', ...kind.fields], [], complain);
    unknownKeys(object.metadata, ['name', 'labels', 'annotations'], ['metadata'], complain);
    return [{ object, place: { file: source.path, document }, complain }];
  });
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

/** A cluster without guard says so. One with policies cannot be without. */
function isOff({ object, complain }: PlatformObject, policies: number): boolean {
  const { annotations, labels } = mapping(object.metadata);
  for (const key of Object.keys(mapping(labels)))
    if (/(^|\.)eso-abac\//.test(key))
      complain(
        'proof-guard',
        ['metadata', 'labels', key],
        "the operator's namespace is labelled as that of a service",
        'no label of an identity',
      );
  const off = mapping(annotations)['eso-abac/guard'] === 'false';
  if (!off || policies === 0) return off;
  complain(
    'proof-guard',
    ['metadata', 'annotations', 'eso-abac/guard'],
    'the cluster says that it has no guard, and has one',
    'policies without this annotation',
  );
  return false;
}
