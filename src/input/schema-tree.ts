import type { z } from 'zod';
import type { Path } from '../findings/finding.ts';

type Schema = z.core.$ZodType;

interface Definition {
  readonly innerType?: Schema;
  readonly options?: readonly Schema[];
  readonly shape?: Record<string, Schema>;
  readonly element?: Schema;
  readonly valueType?: Schema;
  readonly entries?: Readonly<Record<string, string>>;
}

/** The part of a schema that describes what stands at a path; of a union's alternatives, the mapping or list. */
export function schemaAt(schema: Schema, path: Path): Schema | undefined {
  let here: Schema | undefined = schema;
  for (const step of path) here = here && child(unwrap(here), step);
  return here;
}

/** The keys that a mapping at a path may have; none where it may have any. */
export function knownKeys(schema: Schema, path: Path): string[] {
  const found = schemaAt(schema, path);
  return found ? Object.keys(shapeOf(unwrap(found)) ?? {}) : [];
}

/** The words that may stand at a path; none where it takes other texts too. */
export function knownWords(schema: Schema, path: Path): string[] {
  const found = schemaAt(schema, path);
  return found ? Object.values(definition(unwrap(found)).entries ?? {}) : [];
}

function definition(schema: Schema): Definition {
  return schema._zod.def as Definition;
}

function unwrap(schema: Schema): Schema {
  const { innerType, options } = definition(schema);
  if (innerType) return unwrap(innerType);
  const mapping = options?.find((option) => definition(option).shape || definition(option).element);
  return mapping ? unwrap(mapping) : schema;
}

function shapeOf(schema: Schema): Record<string, Schema> | undefined {
  return definition(schema).shape;
}

function child(schema: Schema, step: string | number): Schema | undefined {
  const { element, valueType } = definition(schema);
  if (typeof step === 'number') return element;
  const shape = shapeOf(schema);
  return shape && Object.hasOwn(shape, step) ? shape[step] : valueType;
}
