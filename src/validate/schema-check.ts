import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { Path } from '../findings/finding.ts';
import { nearest } from '../findings/nearest.ts';
import { addFormats } from './formats.ts';
import { type JsonSchema, listKeysKeyword, toJsonSchema } from './json-schema.ts';
import { describeValue, field, formatPath, isObject, items, listNames, type Problem } from './manifest.ts';
import { SchemaError, type Structural } from './structural.ts';

/** Holds an object against a schema. */
export type SchemaCheck = (object: unknown) => Problem[];

/**
 * Compiles a CRD's schema.
 *
 * @throws SchemaError when it holds something that cannot be compiled, such as a pattern that is no pattern
 */
export function compileSchema(root: Structural): SchemaCheck {
  const schema = toJsonSchema(root);
  const ajv = new Ajv({
    strict: true,
    strictTypes: true,
    allowUnionTypes: true,
    allErrors: true,
    verbose: true,
    logger: false,
    // Short runs spend most of their time on compiling. The schema is of our own making, so holding it against the
    // schema of schemas finds nothing; and code that is tidied up first is not faster in the end.
    meta: false,
    validateSchema: false,
    code: { optimize: false },
  });
  addFormats(ajv, formatsIn(schema));
  ajv.addKeyword({ keyword: listKeysKeyword, type: 'array', validate: haveDistinctKeys, errors: false });
  const validate = compile(ajv, schema);
  return (object) => (validate(object) ? [] : problemsOf(object, validate.errors ?? []));
}

function compile(ajv: Ajv, schema: JsonSchema): ValidateFunction {
  try {
    return ajv.compile(schema);
  } catch (problem) {
    throw new SchemaError(problem instanceof Error ? problem.message : String(problem));
  }
}

function formatsIn(schema: unknown, found = new Set<string>()): Set<string> {
  if (Array.isArray(schema)) for (const entry of schema) formatsIn(entry, found);
  else if (isObject(schema)) {
    if (typeof schema.format === 'string') found.add(schema.format);
    for (const entry of Object.values(schema)) formatsIn(entry, found);
  }
  return found;
}

/** Lists of type `map` have each combination of keys once, lists of type `set` each value. */
function haveDistinctKeys(keys: readonly string[], list: readonly unknown[]): boolean {
  const texts = list.map((entry) =>
    JSON.stringify(keys.length > 0 ? keys.map((key) => field(entry, key)) : entry),
  );
  return new Set(texts).size === texts.length;
}

/** The branches of `anyOf` and the like say each why they do not fit; one problem for all of them is enough. */
function problemsOf(object: unknown, errors: readonly ErrorObject[]): Problem[] {
  return errors
    .filter(({ schemaPath }) => !/\/(?:anyOf|oneOf|not)\/\d/.test(schemaPath))
    .map((error) => problemOf(object, error));
}

function problemOf(object: unknown, error: ErrorObject): Problem {
  const path = pathOf(object, error.instancePath);
  const { keyword, params, parentSchema, data } = error;
  const name = path.length === 0 ? 'the object' : formatPath(path);
  switch (keyword) {
    case 'additionalProperties':
      return unknownField(path, String(params.additionalProperty), name, parentSchema);
    case 'required':
      return schemaProblem(
        path,
        `${name} needs the field "${params.missingProperty}"`,
        `"${params.missingProperty}" with a value`,
        'key',
      );
    case 'type':
      return schemaProblem(
        path,
        `${name} is ${describeType(data)}, not ${typeNames(params.type)}`,
        typeNames(params.type),
      );
    case 'enum':
      return oneOf(path, name, data, items(params.allowedValues));
    case 'pattern':
      return schemaProblem(
        path,
        `${describeValue(data)} is not valid for ${name}`,
        `a text that matches ${params.pattern}`,
      );
    case listKeysKeyword:
      return schemaProblem(path, `two entries of ${name} are the same${keysOf(error.schema)}`, 'each once');
    default:
      return schemaProblem(
        path,
        `${describeValue(data)} is not valid for ${name}`,
        `a value that ${error.message}`,
      );
  }
}

function schemaProblem(
  path: Path,
  message: string,
  allowed: string,
  target: 'key' | 'value' = 'value',
): Problem {
  return { rule: 'schema', message, allowed, path, target };
}

function unknownField(path: Path, name: string, parent: string, schema: JsonSchema | undefined): Problem {
  const fields = Object.keys(isObject(schema?.properties) ? schema.properties : {});
  const allowed = fields.length > 0 ? listNames(fields) : 'no fields';
  const message = `"${name}" is not a field of ${parent}`;
  return {
    rule: 'unknown-field',
    message,
    allowed,
    nearest: nearest(name, fields),
    path: [...path, name],
    target: 'key',
  };
}

function oneOf(path: Path, name: string, value: unknown, allowed: readonly unknown[]): Problem {
  const texts = allowed.filter((entry) => typeof entry === 'string');
  const near = typeof value === 'string' ? nearest(value, texts) : undefined;
  return {
    ...schemaProblem(path, `${describeValue(value)} is not valid for ${name}`, listNames(texts)),
    nearest: near,
  };
}

function keysOf(keys: unknown): string {
  return items(keys).length > 0 ? ` in ${listNames(items(keys).map(String))}` : '';
}

const words: Readonly<Record<string, string>> = {
  object: 'an object',
  array: 'a list',
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  null: 'empty',
};

function typeNames(type: unknown): string {
  const names = Array.isArray(type) ? type : [type];
  return names
    .filter((name) => name !== 'null')
    .map((name) => words[String(name)] ?? name)
    .join(' or ');
}

function describeType(value: unknown): string {
  if (value === null) return 'empty';
  return words[Array.isArray(value) ? 'array' : typeof value] ?? typeof value;
}

/** Turns a JSON pointer into a path; whether a step is an index or a key shows in the object. */
function pathOf(object: unknown, pointer: string): Path {
  const path: (string | number)[] = [];
  let here = object;
  for (const step of pointer.split('/').slice(1)) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    path.push(Array.isArray(here) ? Number(name) : name);
    here = Array.isArray(here) ? here[Number(name)] : field(here, name);
  }
  return path;
}
