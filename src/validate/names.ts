import type { Path, PathTarget } from '../findings/finding.ts';
import { describeValue, field, fieldAt, isObject, type Problem, text } from './manifest.ts';

const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
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
  return [
    ...nameProblems(object),
    ...namespaceProblems(object, namespaced),
    ...mapProblems(object, 'labels', labelValueProblem),
    ...mapProblems(object, 'annotations', () => undefined),
    ...annotationSize(object),
  ];
}

function nameProblems(object: unknown): Problem[] {
  const name = text(fieldAt(object, 'metadata', 'name'));
  const isNamespace = field(object, 'kind') === 'Namespace';
  if (name === undefined) {
    const message = 'the object has no name';
    return [
      problem(['metadata'], message, '"metadata.name"; a generated one would be new at each sync', 'key'),
    ];
  }
  const path = ['metadata', 'name'];
  if (text(field(object, 'apiVersion'))?.startsWith('rbac.authorization.k8s.io/'))
    return roleName(name, path);
  if (isNamespace ? isLabel(name) : isSubdomain(name)) return [];
  const allowed = isNamespace
    ? 'at most 63 lower-case letters, digits and "-", beginning and ending with a letter or digit'
    : 'at most 253 lower-case letters, digits, "-" and ".", beginning and ending with a letter or digit';
  return [problem(path, `${describeValue(name)} is not a valid name`, allowed)];
}

/** Roles and their bindings take what can stand in a URL: names such as `system:node`. */
function roleName(name: string, path: Path): Problem[] {
  if (!/^\.\.?$|[/%]/.test(name)) return [];
  return [problem(path, `${describeValue(name)} is not a valid name`, 'a name without "/" and "%"')];
}

/** An object without a namespace is accepted: who applies it says where it goes, as Argo CD and Flux do. */
function namespaceProblems(object: unknown, namespaced: boolean | undefined): Problem[] {
  const namespace = text(fieldAt(object, 'metadata', 'namespace'));
  if (namespace === undefined) return [];
  const path = ['metadata', 'namespace'];
  if (namespaced === false) {
    const kind = text(field(object, 'kind')) ?? 'object';
    return [problem(path, `a ${kind} does not live in a namespace`, 'no namespace here', 'key')];
  }
  if (isLabel(namespace)) return [];
  return [
    problem(
      path,
      `${describeValue(namespace)} is not a valid namespace`,
      'at most 63 lower-case letters, digits and "-"',
    ),
  ];
}

function mapProblems(
  object: unknown,
  map: 'labels' | 'annotations',
  valueProblem: (value: string, path: Path) => Problem | undefined,
): Problem[] {
  const entries = fieldAt(object, 'metadata', map);
  if (!isObject(entries)) return [];
  return Object.entries(entries).flatMap(([key, value]) => {
    const path = ['metadata', map, key];
    const problems = isQualifiedName(key) ? [] : [badKey(key, map, path)];
    const bad = typeof value === 'string' ? valueProblem(value, path) : undefined;
    return bad ? [...problems, bad] : problems;
  });
}

function badKey(key: string, map: 'labels' | 'annotations', path: Path): Problem {
  const allowed =
    'at most 63 letters, digits, "-", "_" and ".", after a DNS name and "/" if there is one, beginning and ending with a letter or digit';
  return problem(path, `${describeValue(key)} is not a valid key of ${map}`, allowed, 'key');
}

function labelValueProblem(value: string, path: Path): Problem | undefined {
  if (value === '' || (value.length <= 63 && labelText.test(value))) return undefined;
  const allowed = 'at most 63 letters, digits, "-", "_" and ".", beginning and ending with a letter or digit';
  return problem(path, `${describeValue(value)} is not a valid label`, allowed);
}

function annotationSize(object: unknown): Problem[] {
  const entries = fieldAt(object, 'metadata', 'annotations');
  if (!isObject(entries)) return [];
  const bytes = Object.entries(entries).reduce(
    (sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(String(value)),
    0,
  );
  if (bytes <= maxAnnotationBytes) return [];
  const message = `the annotations have ${bytes} bytes together`;
  return [problem(['metadata', 'annotations'], message, `at most ${maxAnnotationBytes}`, 'key')];
}

/** A DNS-1123 label: at most 63 characters. */
export function isLabel(name: string): boolean {
  return name.length <= 63 && label.test(name);
}

/** A DNS-1123 subdomain: at most 253 characters. */
export function isSubdomain(name: string): boolean {
  return name.length <= 253 && subdomain.test(name);
}

function isQualifiedName(key: string): boolean {
  const parts = key.split('/');
  const [first = '', second] = parts;
  const name = second ?? first;
  const prefixIsValid = second === undefined || isSubdomain(first);
  return parts.length <= 2 && prefixIsValid && name.length <= 63 && labelText.test(name);
}

function problem(path: Path, message: string, allowed: string, target?: PathTarget): Problem {
  return { rule: 'object-name', message, allowed, path, target };
}
