import type { JsonSchema } from '../src/validate/json-schema.ts';
import { isObject } from '../src/validate/manifest.ts';

/** What is shorter, as JSON, takes less code where it stands than the call of a function does. */
const shortest = 100;

/**
 * Takes out what stands at several places of schemas, so that it is compiled once. Below `anyOf`, `allOf`, `oneOf` and
 * `not` everything stays: by its place there an error is told from one that counts.
 *
 * @returns the schemas with references, and what these refer to, by name
 */
export function shareSchemas(schemas: readonly JsonSchema[]): {
  roots: readonly JsonSchema[];
  shared: ReadonlyMap<string, JsonSchema>;
} {
  const uses = countUses(schemas);
  const ids = new Map<string, string>();
  const shared = new Map<string, JsonSchema>();
  const reference = (schema: JsonSchema): JsonSchema => {
    const text = JSON.stringify(schema);
    if (text.length < shortest || (uses.get(text) ?? 0) < 2) return mapChildren(schema, reference);
    const id = ids.get(text) ?? `shared${ids.size}`;
    if (!ids.has(text)) {
      ids.set(text, id);
      shared.set(id, mapChildren(schema, reference));
    }
    return { $ref: id };
  };
  return { roots: schemas.map((schema) => mapChildren(schema, reference)), shared };
}

/** JSON of a schema → the number of different schemas' places that it stands at. */
function countUses(schemas: readonly JsonSchema[]): ReadonlyMap<string, number> {
  const uses = new Map<string, number>();
  const count = (schema: JsonSchema): JsonSchema => {
    const text = JSON.stringify(schema);
    const before = uses.get(text) ?? 0;
    uses.set(text, before + 1);
    return before > 0 ? schema : mapChildren(schema, count);
  };
  for (const schema of schemas) mapChildren(schema, count);
  return uses;
}

function mapChildren(schema: JsonSchema, change: (child: JsonSchema) => JsonSchema): JsonSchema {
  const { properties, additionalProperties, items } = schema;
  return {
    ...schema,
    ...(isObject(properties) && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, child]) => [name, change(child as JsonSchema)]),
      ),
    }),
    ...(isObject(additionalProperties) && { additionalProperties: change(additionalProperties) }),
    ...(isObject(items) && { items: change(items) }),
  };
}
