import { isDnsLabel, isDnsSubdomain } from '../dns-names.ts';
import type { Path, PathTarget } from '../findings/finding.ts';
import { isSecretKey, longestSecretKey, secretKeyWords } from '../secret-key.ts';
import { describeValue, field, fieldAt, isObject, items, type Problem, text } from './manifest.ts';

const labelText = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;

/** All annotations of an object together, in bytes. Source: Kubernetes, `TotalAnnotationSizeLimitB`. */
const maxAnnotationBytes = 256 * 1024;

/**
 * The rules for names, labels and annotations that hold for every object.
 *
 * Source: "Object Names and IDs", "Labels and Selectors" and "Annotations" in the Kubernetes documentation. Custom
 * resources are named by DNS subdomains, Namespaces by DNS labels, roles by segments of a path.
 *
 * @param namespaced whether objects of the kind live in a namespace; undefined when that is not known
 */
export function checkNames(object: unknown, namespaced: boolean | undefined): Problem[] {
  const metadata = field(object, 'metadata');
  const problems: Problem[] = [];
  checkName(object, text(field(metadata, 'name')), problems);
  checkNamespace(object, text(field(metadata, 'namespace')), namespaced, problems);
  checkLabels(field(metadata, 'labels'), problems);
  if (field(object, 'kind') === 'Namespace') checkPodSecurity(field(metadata, 'labels'), problems);
  checkAnnotations(field(metadata, 'annotations'), problems);
  if (field(object, 'kind') === 'ExternalSecret') checkSecret(field(object, 'spec'), problems);
  return problems;
}

/** An operator whose Secret the API server refuses writes none. Values may be templates, which come to anything. */
function checkSecret(spec: unknown, problems: Problem[]): void {
  const template = fieldAt(spec, 'target', 'template');
  const at = ['spec', 'target', 'template'];
  checkLabels(fieldAt(template, 'metadata', 'labels'), problems, [...at, 'metadata']);
  checkAnnotations(fieldAt(template, 'metadata', 'annotations'), problems, [...at, 'metadata']);
  for (const key of keysOf(field(template, 'data')))
    checkSecretKey(key, [...at, 'data', key], 'key', problems);
  for (const [index, entry] of items(field(spec, 'data')).entries()) {
    const key = text(field(entry, 'secretKey'));
    if (key !== undefined) checkSecretKey(key, ['spec', 'data', index, 'secretKey'], 'value', problems);
  }
}

function checkSecretKey(key: string, path: Path, target: PathTarget, problems: Problem[]): void {
  if (isSecretKey(key)) return;
  const allowed = `at most ${longestSecretKey} ${secretKeyWords}`;
  problems.push(problem(path, `${describeValue(key)} is not a valid key of a Secret`, allowed, target));
}

function keysOf(mapping: unknown): string[] {
  return isObject(mapping) ? Object.keys(mapping) : [];
}

function checkName(object: unknown, name: string | undefined, problems: Problem[]): void {
  if (name === undefined) {
    const message = 'the object has no name';
    const allowed = '"metadata.name"; a generated one would be new at each sync';
    problems.push(problem(['metadata'], message, allowed, 'key'));
    return;
  }
  const allowed = allowedName(object, name);
  if (allowed === undefined) return;
  problems.push(problem(['metadata', 'name'], `${describeValue(name)} is not a valid name`, allowed));
}

/** What would be a valid name; nothing when this one is. */
function allowedName(object: unknown, name: string): string | undefined {
  // Roles and their bindings take what can stand in a URL: names such as `system:node`.
  if (text(field(object, 'apiVersion'))?.startsWith('rbac.authorization.k8s.io/'))
    return /^\.\.?$|[/%]/.test(name) ? 'a name without "/" and "%"' : undefined;
  if (field(object, 'kind') !== 'Namespace')
    return isDnsSubdomain(name)
      ? undefined
      : 'at most 253 lower-case letters, digits, "-" and ".", beginning and ending with a letter or digit';
  return isDnsLabel(name)
    ? undefined
    : 'at most 63 lower-case letters, digits and "-", beginning and ending with a letter or digit';
}

/** An object without a namespace is accepted: who applies it says where it goes, as Argo CD and Flux do. */
function checkNamespace(
  object: unknown,
  namespace: string | undefined,
  namespaced: boolean | undefined,
  problems: Problem[],
): void {
  if (namespace === undefined) return;
  if (namespaced === false) {
    const message = `a ${text(field(object, 'kind')) ?? 'object'} does not live in a namespace`;
    problems.push(problem(['metadata', 'namespace'], message, 'no namespace here', 'key'));
  } else if (!isDnsLabel(namespace)) {
    const message = `${describeValue(namespace)} is not a valid namespace`;
    const allowed = 'at most 63 lower-case letters, digits and "-"';
    problems.push(problem(['metadata', 'namespace'], message, allowed));
  }
}

function checkLabels(labels: unknown, problems: Problem[], at: Path = ['metadata']): void {
  if (!isObject(labels)) return;
  const isTemplate = at.length > 1;
  for (const key of Object.keys(labels)) {
    if (!isQualifiedName(key)) problems.push(badKey(key, 'labels', at));
    const value = labels[key];
    if (typeof value !== 'string' || (isTemplate && value.includes('{{'))) continue;
    if (!isLabelValue(value)) problems.push(badLabelValue(key, value, at));
  }
}

const podSecurity = [
  {
    keys: /^pod-security\.kubernetes\.io\/(?:enforce|audit|warn)$/,
    values: /^(?:privileged|baseline|restricted)$/,
    allowed: 'privileged, baseline or restricted',
  },
  {
    keys: /^pod-security\.kubernetes\.io\/(?:enforce|audit|warn)-version$/,
    values: /^(?:latest|v1\.(?:0|[1-9]\d*))$/,
    allowed: 'latest, or a version such as v1.34',
  },
];

/** The API server takes no Namespace with others. Source: Kubernetes, "Pod Security Admission". */
function checkPodSecurity(labels: unknown, problems: Problem[]): void {
  for (const key of keysOf(labels)) {
    if (!key.startsWith('pod-security.')) continue;
    const value = field(labels, key);
    const label = podSecurity.find(({ keys }) => keys.test(key));
    if (label === undefined || typeof value !== 'string' || label.values.test(value)) continue;
    const message = `${describeValue(value)} means nothing to pod security`;
    problems.push(problem(['metadata', 'labels', key], message, label.allowed));
  }
}

/** Of many annotations together the API server bounds the size. */
function checkAnnotations(annotations: unknown, problems: Problem[], at: Path = ['metadata']): void {
  if (!isObject(annotations)) return;
  let bytes = 0;
  for (const key of Object.keys(annotations)) {
    if (!isQualifiedName(key)) problems.push(badKey(key, 'annotations', at));
    bytes += Buffer.byteLength(key) + Buffer.byteLength(String(annotations[key]));
  }
  if (bytes <= maxAnnotationBytes) return;
  const message = `the annotations have ${bytes} bytes together`;
  problems.push(problem([...at, 'annotations'], message, `at most ${maxAnnotationBytes}`, 'key'));
}

function badKey(key: string, map: 'labels' | 'annotations', at: Path): Problem {
  const allowed =
    'at most 63 letters, digits, "-", "_" and ".", after a DNS name and "/" if there is one, beginning and ending with a letter or digit';
  const message = `${describeValue(key)} is not a valid key of ${map}`;
  return problem([...at, map, key], message, allowed, 'key');
}

/** At most 63 characters, or none. */
export function isLabelValue(value: string): boolean {
  return value === '' || (value.length <= 63 && labelText.test(value));
}

function badLabelValue(key: string, value: string, at: Path): Problem {
  const allowed = 'at most 63 letters, digits, "-", "_" and ".", beginning and ending with a letter or digit';
  return problem([...at, 'labels', key], `${describeValue(value)} is not a valid label`, allowed);
}

/** Keys that were looked at and are right: those of many objects are the same few. */
const qualified = new Set<string>();
const mostKept = 1000;

/** A name of at most 63 characters, behind a subdomain and a slash if it has one. */
export function isQualifiedName(key: string): boolean {
  if (qualified.has(key)) return true;
  const slash = key.indexOf('/');
  const name = key.slice(slash + 1);
  const isIt =
    name.length <= 63 && labelText.test(name) && (slash === -1 || isDnsSubdomain(key.slice(0, slash)));
  if (isIt && qualified.size < mostKept) qualified.add(key);
  return isIt;
}

function problem(path: Path, message: string, allowed: string, target?: PathTarget): Problem {
  return { rule: 'object-name', message, allowed, path, target };
}
