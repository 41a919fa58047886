import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Where kubeconform finds the schema of an object below a folder that {@link writeSchemas} filled. */
export const schemaTemplate = '{{ .Group }}/{{ .ResourceKind }}_{{ .ResourceAPIVersion }}.json';

/**
 * Writes a JSON Schema for each version that a CRD serves. An object of a version that is not served finds none.
 *
 * @param {object} crd a CustomResourceDefinition
 * @param {string} folder where to
 */
export function writeSchemas(crd, folder) {
  const { group, names, versions } = crd.spec;
  mkdirSync(path.join(folder, group), { recursive: true });
  for (const { name, served, schema } of versions) {
    if (!served) continue;
    const { metadata, ...rest } = schema.openAPIV3Schema.properties;
    const root = strict({ ...schema.openAPIV3Schema, properties: rest });
    // The CRD says nothing about metadata: its fields are those of every object.
    root.properties.metadata = metadata;
    root.required = [...new Set([...(root.required ?? []), 'apiVersion', 'kind', 'metadata'])];
    const file = path.join(folder, group, `${names.kind.toLowerCase()}_${name}.json`);
    writeFileSync(file, JSON.stringify(root));
  }
}

/**
 * A structural schema as JSON Schema that refuses what the API server would drop: a field that is not named, unless
 * the schema lets it through (Kubernetes, "Structural schemas: field pruning"). What stands below `anyOf`, `allOf`,
 * `oneOf` and `not` names no fields of its own there, and stays as it is.
 */
function strict(schema) {
  const result = { ...schema };
  if (schema.items) result.items = strict(schema.items);
  if (schema.properties) result.properties = mapValues(schema.properties, strict);
  if (typeof schema.additionalProperties === 'object') {
    result.additionalProperties = strict(schema.additionalProperties);
  } else if (schema.type === 'object' && !schema['x-kubernetes-preserve-unknown-fields']) {
    result.additionalProperties ??= false;
  }
  if (schema.nullable) result.type = [schema.type, 'null'];
  return result;
}

function mapValues(object, change) {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}
