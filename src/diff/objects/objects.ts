import { loadAll, YAMLException } from 'js-yaml';
import { readYamlDocuments } from '../../yaml/reader.ts';
import { isTree } from '../../yaml/tree.ts';

/** The deepest nesting that is compared. */
const maxDepth = 100;

/** A mapping of YAML or JSON as plain data. */
export type Mapping = Readonly<Record<string, unknown>>;

/** An object of a file of dist, with what it is called. */
export interface FoundObject {
  readonly kind: string;
  /** With its namespace before it, if it has one. */
  readonly name: string;
  readonly object: unknown;
}

/**
 * The objects of a file: each document of YAML, or one of JSON, which has no name.
 *
 * @returns undefined when it is not well-formed
 */
export function objectsOf(file: string, text: string): FoundObject[] | undefined {
  try {
    if (file.endsWith('.json')) {
      const object: unknown = JSON.parse(text);
      return isTree(object, maxDepth) ? [{ kind: kindOf(file), name: '', object }] : undefined;
    }
    const all = loadAll(text) as unknown[];
    if (!isTree(all, maxDepth) && !isReadable(file, text)) return undefined;
    const documents = all.filter((one) => one !== null && one !== undefined);
    return documents.map((object) => ({ ...called(file, object), object }));
  } catch (problem) {
    // It runs out of stack on what nests beyond all sense.
    const isText = [YAMLException, SyntaxError, RangeError].some((kind) => problem instanceof kind);
    if (!isText) throw problem;
    return undefined;
  }
}

/** Whether aliases make no more of a text than it can bear. */
function isReadable(file: string, text: string): boolean {
  return readYamlDocuments(file, text, { maxDepth }).every(({ findings }) => findings.length === 0);
}

function called(file: string, object: unknown): Pick<FoundObject, 'kind' | 'name'> {
  const { kind, metadata } = mappingOf(object);
  const { name, namespace } = mappingOf(metadata);
  const place = typeof namespace === 'string' ? `${namespace}/` : '';
  return {
    kind: typeof kind === 'string' ? kind : kindOf(file),
    name: typeof name === 'string' ? place + name : '',
  };
}

/** What a file without kinds holds, by its name. */
function kindOf(file: string): string {
  const base = file.slice(file.lastIndexOf('/') + 1);
  const known: Readonly<Record<string, string>> = {
    'policy.json': 'Policy',
    'trust.json': 'Trust policy',
    'tag-guard.json': 'Tag guard',
    'cloudformation.json': 'CloudFormation template',
    'terraform.tf.json': 'Terraform module',
    'helm-values.yaml': 'Helm values',
  };
  if (file.includes('/eksctl/')) return 'ClusterConfig';
  if (file.includes('/pod-identity/')) return 'Pod Identity association';
  if (file.includes('/secrets/')) return 'Secrets';
  return (Object.hasOwn(known, base) && known[base]) || 'Document';
}

/** Whether a value is a mapping. */
export function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value as a mapping; an empty one when it is something else. */
export function mappingOf(value: unknown): Mapping {
  return isMapping(value) ? value : {};
}
