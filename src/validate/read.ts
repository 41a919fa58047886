import type { ScalarTag } from 'yaml';
import type { Finding } from '../findings/finding.ts';
import { readYamlDocuments, type YamlFile } from '../yaml/reader.ts';
import { field, groupVersion, isObject, items, type Manifest, text as textOf } from './manifest.ts';

/** The deepest nesting that is read: CRDs are the deepest manifests there are. */
const maxDepth = 100;

/** Kubernetes reads manifests by YAML 1.1, in which these words are booleans. Source: sigs.k8s.io/yaml. */
const booleanWords: ScalarTag = {
  tag: 'tag:yaml.org,2002:bool',
  default: true,
  test: /^(?:[yYnN]|[Yy]es|YES|[Nn]o|NO|[Oo]n|ON|[Oo]ff|OFF)$/,
  resolve: (word) => ['y', 'yes', 'on'].includes(word.toLowerCase()),
};

/** The objects of a text, and what kept others from being read. */
export interface ReadManifests {
  readonly manifests: readonly Manifest[];
  readonly findings: readonly Finding[];
}

/**
 * Reads the Kubernetes objects of a text, YAML or JSON, of one or several documents. Empty documents are skipped, and
 * a `List` is taken for the objects in it. Nothing is thrown.
 */
export function readManifests(file: string, text: string): ReadManifests {
  const documents = readYamlDocuments(file, text, { maxDepth, customTags: [booleanWords], merge: true });
  const findings: Finding[] = [];
  const manifests = documents.flatMap((document) => {
    findings.push(...document.findings.map((finding) => ({ ...finding, rule: 'manifest-syntax' as const })));
    if (document.findings.length > 0 || document.value === null) return [];
    const found = objectsOf(document);
    const problem = found.length === 0 ? notAnObject(document) : undefined;
    if (problem) findings.push(problem);
    return found;
  });
  return { manifests, findings };
}

function objectsOf(document: YamlFile): Manifest[] {
  const { value, file, locate } = document;
  if (!isManifest(value)) return [];
  if (textOf(value.kind) !== 'List' || !Array.isArray(value.items)) return [{ object: value, file, locate }];
  return items(value.items).flatMap((object, index) =>
    isManifest(object)
      ? [{ object, file, locate: (path, target) => locate(['items', index, ...path], target) }]
      : [],
  );
}

function isManifest(value: unknown): value is Readonly<Record<string, unknown>> {
  const apiVersion = textOf(field(value, 'apiVersion'));
  return isObject(value) && !!textOf(field(value, 'kind')) && groupVersion(apiVersion ?? '') !== undefined;
}

function notAnObject(document: YamlFile): Finding | undefined {
  const { value } = document;
  if (isManifest(value) && Array.isArray(value.items) && value.items.length === 0) return undefined;
  return {
    rule: 'manifest-syntax',
    severity: 'error',
    message: 'this is not a Kubernetes object',
    allowed: 'a mapping with "apiVersion", such as external-secrets.io/v1, and "kind"',
    location: document.locate([]),
  };
}
