import { CORE_SCHEMA, loadAll, YAMLException } from 'js-yaml';
import type { Finding } from '../findings/finding.ts';
import { isTree } from '../yaml/tree.ts';
import { fieldAt, groupVersion, isObject, items, text } from './manifest.ts';
import type { Validate } from './schema-check.ts';

/** A text that holds CRDs, as YAML or JSON, one or several documents. */
export interface CrdFile {
  readonly file: string;
  readonly text: string;
}

/** One version of a kind. */
export interface KindVersion {
  readonly name: string;
  readonly served: boolean;
  /** Its `openAPIV3Schema`. */
  readonly schema: unknown;
  /** The schema, compiled ahead of time. Without it, it is compiled when the first object comes. */
  readonly validate?: Validate;
}

/** A kind that can be validated, with its versions. `file` is where its schema comes from. */
export interface Kind {
  readonly group: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly versions: readonly KindVersion[];
  readonly file: string;
}

/** The kinds that can be validated. Of two with one name the later counts. */
export class Crds {
  readonly #kinds = new Map<string, Kind>();

  constructor(kinds: Iterable<Kind>) {
    for (const kind of kinds) this.#kinds.set(`${kind.group}/${kind.kind}`, kind);
  }

  /** The kind, whatever its version, or nothing when no CRD describes it. */
  find(group: string, kind: string): Kind | undefined {
    return this.#kinds.get(`${group}/${kind}`);
  }

  [Symbol.iterator](): Iterator<Kind> {
    return this.#kinds.values();
  }

  /** `apiVersion` and kind of everything that is served, such as `external-secrets.io/v1 SecretStore`. */
  *served(): Iterable<string> {
    for (const kind of this.#kinds.values()) {
      for (const version of kind.versions) {
        if (version.served) yield `${apiVersionOf(kind, version)} ${kind.kind}`;
      }
    }
  }
}

/** The `apiVersion` of an object of that kind and version. */
export function apiVersionOf(kind: Kind, version: KindVersion): string {
  return kind.group === '' ? version.name : `${kind.group}/${version.name}`;
}

/**
 * Reads CRDs. Documents of other kinds that stand between CRDs are skipped, so that a whole bundle can be given.
 *
 * @returns the kinds, and a finding for each file that is not YAML, holds no CRD, or holds one that cannot be
 *   used. Only the outline of a CRD is read here; a schema is read when the first object needs it.
 */
export function readCrds(files: readonly CrdFile[]): { kinds: Kind[]; findings: Finding[] } {
  const kinds: Kind[] = [];
  const findings: Finding[] = [];
  for (const file of files) {
    const documents = parse(file);
    const crds = typeof documents === 'string' ? [] : documents.filter(isCrd);
    if (typeof documents === 'string') findings.push(notUsable(file.file, `is not YAML: ${documents}`));
    else if (crds.length === 0) findings.push(notUsable(file.file, 'holds no CustomResourceDefinition'));
    for (const crd of crds) {
      const kind = readKind(crd, file.file);
      if (kind) kinds.push(kind);
      else
        findings.push(
          notUsable(file.file, 'holds a CustomResourceDefinition without group, kind, scope or versions'),
        );
    }
  }
  return { kinds, findings };
}

function notUsable(file: string, why: string): Finding {
  const allowed = 'CustomResourceDefinitions of apiextensions.k8s.io/v1';
  return { rule: 'manifest-syntax', severity: 'error', message: `CRD file ${file} ${why}`, allowed };
}

/** The deepest nesting that is read. */
const maxDepth = 100;

/** js-yaml, not yaml: CRDs need no positions, and it reads the largest of them five times faster. */
function parse(file: CrdFile): unknown[] | string {
  try {
    const documents = loadAll(file.text, null, { schema: CORE_SCHEMA });
    return isTree(documents, maxDepth) ? documents : 'it is nested too deep, or has aliases';
  } catch (error) {
    // It runs out of stack on what nests beyond all sense.
    if (!(error instanceof YAMLException)) return 'it is nested too deep';
    return `${error.reason}, line ${error.mark.line + 1}`;
  }
}

function isCrd(document: unknown): boolean {
  if (!isObject(document) || document.kind !== 'CustomResourceDefinition') return false;
  return groupVersion(text(document.apiVersion) ?? '')?.group === 'apiextensions.k8s.io';
}

function readKind(crd: unknown, file: string): Kind | undefined {
  const group = text(fieldAt(crd, 'spec', 'group'));
  const kind = text(fieldAt(crd, 'spec', 'names', 'kind'));
  const scope = text(fieldAt(crd, 'spec', 'scope'));
  const versions = items(fieldAt(crd, 'spec', 'versions')).map(readVersion);
  const complete = versions.filter((version) => version !== undefined);
  if (!group || !kind || !scope || complete.length === 0 || complete.length < versions.length)
    return undefined;
  return { group, kind, namespaced: scope === 'Namespaced', versions: complete, file };
}

function readVersion(raw: unknown): KindVersion | undefined {
  const name = text(fieldAt(raw, 'name'));
  const schema = fieldAt(raw, 'schema', 'openAPIV3Schema');
  return name && schema ? { name, served: fieldAt(raw, 'served') === true, schema } : undefined;
}
