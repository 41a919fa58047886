import type { Structural } from './structural.ts';

/** A JSON Schema that ajv compiles. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** The keyword by which lists of type `set` and `map` are checked; its value names the keys, none for a set. */
export const listKeysKeyword = 'listKeys';

const embeddedFields: Readonly<Record<string, JsonSchema>> = {
  apiVersion: { type: 'string' },
  kind: { type: 'string' },
  metadata: { type: 'object' },
};

/**
 * Translates a CRD's schema into JSON Schema, with the API server's strict field validation built in: a field that the
 * schema does not have is an error wherever unknown fields are not preserved.
 */
export function toJsonSchema(node: Structural): JsonSchema {
  return { ...typeOf(node), ...limitsOf(node), ...fieldsOf(node), ...itemsOf(node), ...logicOf(node) };
}

/** The names of the fields that a node describes. */
export function fieldNames({ embedded, properties }: Structural): string[] {
  return [...new Set([...(embedded ? Object.keys(embeddedFields) : []), ...(properties?.keys() ?? [])])];
}

function typeOf({ intOrString, type, nullable }: Structural): JsonSchema {
  const types = intOrString ? ['integer', 'string'] : type;
  return { type: nullable && types ? [types, 'null'].flat() : types };
}

function limitsOf({ limits, pattern, format }: Structural): JsonSchema {
  return { ...limits, pattern, format };
}

function fieldsOf(node: Structural): JsonSchema {
  const { type, properties, additional, required, preserve, embedded } = node;
  const fields: Record<string, unknown> = embedded ? { ...embeddedFields } : {};
  for (const [name, child] of properties ?? []) fields[name] = toJsonSchema(child);
  const isClosed = type === 'object' && additional === undefined && !preserve;
  return {
    ...(Object.keys(fields).length > 0 && { properties: fields }),
    ...(required.length > 0 && { required }),
    ...(typeof additional === 'object' && { additionalProperties: toJsonSchema(additional) }),
    ...(isClosed && { additionalProperties: false }),
  };
}

function itemsOf({ items, listType, listMapKeys }: Structural): JsonSchema {
  return {
    ...(items && { items: toJsonSchema(items) }),
    ...(listType === 'set' && { [listKeysKeyword]: [] }),
    ...(listType === 'map' && { [listKeysKeyword]: listMapKeys }),
  };
}

/**
 * Inside logic a schema only states conditions: Kubernetes allows no type there, so no field is unknown. The `anyOf`
 * that Kubernetes asks for with `x-kubernetes-int-or-string` says nothing that the types do not.
 */
function logicOf({ logic, not, intOrString }: Structural): JsonSchema {
  const words = [...logic].filter(([word]) => !(intOrString && word === 'anyOf'));
  const conditions = words.map(([word, nodes]) => [word, nodes.map(toJsonSchema)] as const);
  return { ...Object.fromEntries(conditions), ...(not && { not: toJsonSchema(not) }) };
}
