import type { ErrorObject } from 'ajv';
import type { Path, PathTarget } from '../findings/finding.ts';
import { nearest } from '../findings/nearest.ts';
import { fieldNames, listKeysKeyword } from './json-schema.ts';
import { describeValue, formatPath, items, listNames, type Problem } from './manifest.ts';
import type { Structural } from './structural.ts';

/** A compiled schema, as ajv makes it: says whether an object meets it, and leaves in `errors` why it does not. */
export interface Validate {
  (object: unknown): boolean;
  errors?: ErrorObject[] | null;
}

/**
 * Everything in which an object does not meet its schema.
 *
 * @param validate the same schema, compiled
 */
export function schemaProblems(object: unknown, root: Structural, validate: Validate): Problem[] {
  return validate(object) ? [] : problemsOf(object, root, validate.errors ?? []);
}

/** The branches of `anyOf` and the like say each why they do not fit; one problem for all of them is enough. */
function problemsOf(object: unknown, root: Structural, errors: readonly ErrorObject[]): Problem[] {
  return errors
    .filter(({ schemaPath }) => !/\/(?:anyOf|oneOf|not)\/\d/.test(schemaPath))
    .map((error) => problemOf(object, root, error));
}

function problemOf(object: unknown, root: Structural, error: ErrorObject): Problem {
  const { path, data, node } = follow(error.instancePath, object, root);
  const { keyword, params } = error;
  const name = path.length === 0 ? 'the object' : formatPath(path);
  switch (keyword) {
    case 'additionalProperties':
      return unknownField(path, String(params.additionalProperty), name, node ? fieldNames(node) : []);
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
      return schemaProblem(path, `two entries of ${name} are the same${keysOf(params.keys)}`, 'each once');
    default:
      return schemaProblem(
        path,
        `${describeValue(data)} is not valid for ${name}`,
        `a value that ${error.message}`,
      );
  }
}

function schemaProblem(path: Path, message: string, allowed: string, target?: PathTarget): Problem {
  return { rule: 'schema', message, allowed, path, target };
}

function unknownField(path: Path, name: string, parent: string, fields: readonly string[]): Problem {
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

function oneOf(path: Path, name: string, value: unknown, values: readonly unknown[]): Problem {
  const texts = values.filter((entry) => typeof entry === 'string');
  return {
    ...schemaProblem(
      path,
      `${describeValue(value)} is not valid for ${name}`,
      listNames(values.filter((entry) => entry !== null)),
    ),
    nearest: typeof value === 'string' ? nearest(value, texts) : undefined,
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

/** What a JSON pointer leads to in an object, and the node of the schema that describes it. */
function follow(pointer: string, object: unknown, root: Structural) {
  const path: (string | number)[] = [];
  let data = object;
  let node: Structural | undefined = root;
  for (const step of pointer.split('/').slice(1)) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    node = childOf(node, data, name);
    path.push(Array.isArray(data) ? Number(name) : name);
    data = (data as Readonly<Record<string, unknown>>)[name];
  }
  return { path, data, node };
}

function childOf(node: Structural | undefined, data: unknown, name: string): Structural | undefined {
  if (Array.isArray(data)) return node?.items;
  const additional = typeof node?.additional === 'object' ? node.additional : undefined;
  return node?.properties?.get(name) ?? additional;
}
