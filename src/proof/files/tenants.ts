import { CORE_SCHEMA, loadAll, YAMLException } from 'js-yaml';
import type { Finding, Location } from '../../findings/finding.ts';
import { readYamlDocuments, type YamlFile } from '../../yaml/reader.ts';
import { isTree } from '../../yaml/tree.ts';
import type { Samples } from '../guard/samples.ts';
import { fitted } from './fitted.ts';
import { checkObject } from './metadata.ts';
import type { Reading, SecretRead, Source, Store, Tenant, YamlPlace } from './model.ts';
import { readPlainYaml } from './plain-yaml.ts';
import { readsOf, secretOf } from './reads.ts';
import { refusedIn } from './refused.ts';
import { type Complain, type Mapping, mapping, readStore, text } from './store.ts';
import { isUsualYaml } from './usual-yaml.ts';
import { readByOthers, readDifferently } from './yaml-readers.ts';

/** The deepest nesting of a manifest that is read. */
const maxDepth = 64;

/** The label of a Namespace that names its service. */
export const serviceLabel = 'eso-abac/service';
/** Before the name of a shared identity in a label of a Namespace. */
export const sharedLabel = 'shared.eso-abac/';
const apiVersions = /^external-secrets\.io\/v1(?:beta1)?$/;

/**
 * Reads the file of one service in one cluster: its Namespace, SecretStores and ExternalSecrets. Any other object,
 * any object elsewhere than in that namespace, and what no cluster would take is reported.
 *
 * @param samples gets the objects as they stand, if the API server takes them
 */
export function readTenant(
  source: Source,
  cluster: string,
  fileName: string,
  reading: Reading,
  samples: Samples,
): Tenant | undefined {
  const plain = readPlainYaml(source.text, maxDepth);
  const objects = plain?.map(({ object }) => object) ?? anyObjectsIn(source, reading);
  if (objects === undefined) return undefined;
  // What is plain says to the letter what was validated.
  const isValidated = plain !== undefined && reading.isValidated;
  const refused = isValidated ? [] : refusedIn(source, objects);
  if (refused.length === 0 && !(plain && samples.knows(plain))) samples.add(source.path, objects, plain);
  const found = { namespaces: [] as Mapping[], stores: [] as Store[], reads: [] as SecretRead[] };
  const names = new Set<string>();
  const before = reading.findings.length;
  for (const [document, object] of objects.entries()) {
    const place = { file: source.path, document, path: [] };
    const complain: Complain = (path, message, allowed) =>
      reading.document(locate(source, { ...place, path }), message, allowed);
    const kind = kindOf(object);
    if (kind !== undefined) checkObject(object, complain);
    if (kind === 'Namespace') found.namespaces.push(object);
    else if (kind === 'SecretStore') found.stores.push(readStore(object, place, complain));
    else if (kind === 'ExternalSecret') found.reads.push(...readsOf(object, place, complain));
    else
      complain(
        ['kind'],
        `an object that the proof knows nothing about: ${String(object.kind)} of ${String(object.apiVersion)}`,
        'Namespace, SecretStore and ExternalSecret',
      );
    if (kind !== undefined && kind !== 'Namespace') checkNamedOnce(object, kind, names, complain);
    const namespace = namespaceOf(object, kind);
    const own = mapping(found.namespaces[0]?.metadata).name;
    if (kind !== undefined && (namespace !== own || found.namespaces.length > 1))
      complain(
        ['metadata'],
        `a ${kind} in namespace "${namespace}", in the file of namespace "${String(own)}"`,
        'one Namespace first, then what is in it',
      );
  }
  // Most of it is said in better words already.
  if (reading.findings.length === before) reading.findings.push(...refused);
  const [namespace] = found.namespaces;
  if (namespace === undefined) {
    reading.document(
      locate(source, { document: 0, path: [] }),
      'the file has no Namespace',
      'the Namespace, whose labels say which identities it may claim',
    );
    return undefined;
  }
  return tenantFrom(source, cluster, fileName, namespace, found, reading);
}

/** @param names of what came before it, by kind */
function checkNamedOnce(object: Mapping, kind: string, names: Set<string>, complain: Complain): void {
  const name = `${kind} "${text(mapping(object.metadata).name)}"`;
  if (names.has(name))
    complain(['metadata', 'name'], `a second ${name}: which of them stays is not said`, 'each once');
  names.add(name);
  if (kind !== 'ExternalSecret') return;
  const secret = `Secret "${secretOf(object)}"`;
  if (names.has(secret))
    complain(['spec', 'target'], `a second ExternalSecret that fills the ${secret}`, 'each by one');
  names.add(secret);
}

function tenantFrom(
  source: Source,
  cluster: string,
  fileName: string,
  namespace: Mapping,
  { stores, reads }: { readonly stores: readonly Store[]; readonly reads: readonly SecretRead[] },
  reading: Reading,
): Tenant {
  const metadata = mapping(namespace.metadata);
  const labels = mapping(metadata.labels);
  const service = text(labels[serviceLabel]);
  const shared = Object.entries(labels).filter(([key]) => key.startsWith(sharedLabel));
  if (service !== fileName) {
    const message = `the namespace is labelled as that of service "${service}", in the file of service "${fileName}"`;
    reading.document(
      locate(source, { document: 0, path: ['metadata', 'labels', serviceLabel] }),
      message,
      `${serviceLabel}: ${fileName}`,
    );
  }
  return {
    cluster,
    file: source.path,
    service: fileName,
    namespace: text(metadata.name),
    identities: fitted([
      service,
      ...shared.filter(([, value]) => value === 'true').map(([key]) => key.slice(sharedLabel.length)),
    ]),
    stores: fitted(stores),
    reads: fitted(reads),
  };
}

function kindOf({ apiVersion, kind }: Mapping): 'Namespace' | 'SecretStore' | 'ExternalSecret' | undefined {
  if (kind === 'Namespace') return apiVersion === 'v1' ? kind : undefined;
  if (kind !== 'SecretStore' && kind !== 'ExternalSecret') return undefined;
  return apiVersions.test(text(apiVersion)) ? kind : undefined;
}

function namespaceOf({ metadata }: Mapping, kind: string | undefined): string {
  const { name, namespace } = mapping(metadata);
  return text(kind === 'Namespace' ? name : namespace);
}

/**
 * The objects of a file; undefined, and findings, when it is not well-formed. js-yaml reads three times as fast as the
 * reader with positions, and refuses duplicate keys too.
 */
export function objectsIn(source: Source, reading: Reading): Mapping[] | undefined {
  const plain = readPlainYaml(source.text, maxDepth);
  return plain?.map(({ object }) => object) ?? anyObjectsIn(source, reading);
}

function anyObjectsIn(source: Source, reading: Reading): Mapping[] | undefined {
  const different = readDifferently(source);
  reading.findings.push(...different);
  if (different.length > 0) return undefined;
  try {
    const objects = loadAll(source.text, undefined, { schema: CORE_SCHEMA }) as unknown[];
    const findings = isTree(objects, maxDepth) ? differencesIn(source, objects) : findingsOf(source);
    reading.findings.push(...findings);
    if (findings.length > 0) return undefined;
    return objects.filter((object) => object !== null).map(mapping);
  } catch (problem) {
    // It runs out of stack on what nests beyond all sense.
    if (!(problem instanceof YAMLException) && !(problem instanceof RangeError)) throw problem;
    reading.findings.push(...syntaxFindings(source, problem));
    return undefined;
  }
}

function differencesIn(source: Source, objects: readonly unknown[]): Finding[] {
  if (isUsualYaml(source.text)) return [];
  return readByOthers(source, objects, (document, path) => locate(source, { document, path }));
}

function findingsOf({ path, text: content }: Source): Finding[] {
  return readYamlDocuments(path, content, { maxDepth }).flatMap(({ findings }) => findings);
}

function syntaxFindings(source: Source, problem: YAMLException | RangeError): Finding[] {
  const found = findingsOf(source);
  if (found.length > 0) return found;
  const { path } = source;
  const { reason, mark } =
    problem instanceof YAMLException ? problem : { reason: problem.message, mark: undefined };
  const start = { line: (mark?.line ?? 0) + 1, column: (mark?.column ?? 0) + 1 };
  const location = { file: path, start, end: { ...start, column: start.column + 1 } };
  return [{ rule: 'yaml-syntax', severity: 'error', message: reason, allowed: 'well-formed YAML', location }];
}

/** The documents of files that were read with positions: a file with one finding may have thousands. */
const located = new WeakMap<Source, readonly YamlFile[]>();

/** Looks up where something stands, by reading the file again with positions: files with findings are rare. */
export function locate(source: Source, { document, path }: Pick<YamlPlace, 'document' | 'path'>): Location {
  const { path: file, text: content } = source;
  const documents =
    located.get(source) ??
    readYamlDocuments(file, content, { maxDepth }).filter(({ value }) => value !== null);
  located.set(source, documents);
  const start = { line: 1, column: 1 };
  return (
    documents[document]?.locate(path, path.length > 0 ? 'key' : 'value') ?? {
      file,
      start,
      end: { line: 1, column: 2 },
    }
  );
}
