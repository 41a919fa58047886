import { createRequire } from 'node:module';
import type { Ajv, CodeKeywordDefinition, CodeOptions } from 'ajv';
import { formats } from './formats.ts';
import { type JsonSchema, listKeysKeyword, toJsonSchema } from './json-schema.ts';
import { haveDistinctKeys } from './list-keys.ts';
import { isObject } from './manifest.ts';
import type { Validate } from './schema-check.ts';
import { SchemaError, type Structural } from './structural.ts';

/**
 * Compiles the schema of a whole object.
 *
 * @throws SchemaError when it holds something that cannot be compiled, such as a pattern that is no pattern
 */
export function compileSchema(root: Structural): Validate {
  const schema = toJsonSchema(root);
  try {
    // Code that is tidied up first is not faster in the end.
    return newAjv([schema], { optimize: false }).compile(schema);
  } catch (problem) {
    throw new SchemaError(problem instanceof Error ? problem.message : String(problem));
  }
}

/**
 * An ajv that compiles what `toJsonSchema` yields.
 *
 * @param schemas those that it will meet: the formats of CRDs are an open set
 * @param code how it writes its code. What that refers to is called `formats` and `haveDistinctKeys`, by their names
 *   here
 */
export function newAjv(schemas: readonly JsonSchema[], code: CodeOptions): Ajv {
  const { Ajv, _ } = loadAjv();
  const ajv = new Ajv({
    allErrors: true,
    inlineRefs: false,
    logger: false,
    // The schema is of our own making, so holding it against the schema of schemas finds nothing.
    meta: false,
    validateSchema: false,
    code: { formats: _`formats`, ...code },
  });
  for (const name of formatsIn(schemas))
    ajv.addFormat(name, Object.hasOwn(formats, name) ? formats[name as keyof typeof formats] : true);
  ajv.addKeyword(listKeys());
  return ajv;
}

/** It is needed for CRDs that a user brings, and no other run should wait for it. */
function loadAjv(): typeof import('ajv') {
  return createRequire(import.meta.url)('ajv');
}

function listKeys(): CodeKeywordDefinition {
  const { _, stringify } = loadAjv();
  return {
    keyword: listKeysKeyword,
    type: 'array',
    error: { message: 'must differ', params: ({ schema }) => _`{keys: ${stringify(schema)}}` },
    code(context) {
      const { gen, schema, data } = context;
      const check = gen.scopeValue('func', { ref: haveDistinctKeys, code: _`haveDistinctKeys` });
      context.fail(_`!${check}(${stringify(schema)}, ${data})`);
    },
  };
}

function formatsIn(schema: unknown, found = new Set<string>()): Set<string> {
  if (Array.isArray(schema)) for (const entry of schema) formatsIn(entry, found);
  else if (isObject(schema)) {
    if (typeof schema.format === 'string') found.add(schema.format);
    for (const entry of Object.values(schema)) formatsIn(entry, found);
  }
  return found;
}
