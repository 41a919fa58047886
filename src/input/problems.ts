import { safeParse, type z } from 'zod';
import type { Finding, Path } from '../findings/finding.ts';
import { nearest } from '../findings/nearest.ts';
import { regions } from '../findings/regions.ts';
import type { Plain, YamlFile } from '../yaml/reader.ts';

type Issue = z.core.$ZodIssue;

/**
 * Turns what zod found in a file into findings with positions, allowed values and the nearest spelling.
 * The schema is read for the keys that a mapping may have.
 */
export function schemaFindings(yaml: YamlFile, schema: z.ZodType, issues: readonly Issue[]): Finding[] {
  return issues.flatMap((issue) => findingsOf(yaml, schema, issue, issue.path as Path));
}

function findingsOf(yaml: YamlFile, schema: z.ZodType, issue: Issue, path: Path): Finding[] {
  const value = valueAt(yaml.value, path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(yaml, schema, path, key));
    case 'invalid_union':
      return unionBranch(issue, value).flatMap((inner) =>
        findingsOf(yaml, schema, inner, [...path, ...(inner.path as Path)]),
      );
    case 'invalid_key':
      return issue.issues.map((inner) =>
        error(
          yaml,
          path,
          'key',
          'invalid-value',
          `the key "${String(path.at(-1))}" is not valid`,
          inner.message,
        ),
      );
    case 'invalid_type':
      return value === undefined
        ? [missingKey(yaml, path, kindOf(issue.expected))]
        : [wrongType(yaml, schema, path, value, issue.expected)];
    default:
      if (value === undefined) return [missingKey(yaml, path, issue.message)];
      return [invalidValue(yaml, schema, path, value, issue.message)];
  }
}

function unknownKey(yaml: YamlFile, schema: z.ZodType, path: Path, key: string): Finding {
  const known = knownKeys(schema, path, valueAt(yaml.value, path));
  const finding = error(
    yaml,
    [...path, key],
    'key',
    'unknown-key',
    `"${key}" is not a key of ${describe(path)}`,
    known.join(', '),
  );
  const near = nearest(key, known);
  return near === undefined ? finding : { ...finding, nearest: near };
}

function missingKey(yaml: YamlFile, path: Path, allowed: string): Finding {
  const parent = path.slice(0, -1);
  const message = `${describe(parent)} needs the key "${String(path.at(-1))}"`;
  return error(yaml, parent, 'key', 'missing-key', message, `"${String(path.at(-1))}" with ${allowed}`);
}

function wrongType(yaml: YamlFile, schema: z.ZodType, path: Path, value: unknown, expected: string): Finding {
  const message = `${describe(path)} is ${kindOf(typeName(value))}, not ${kindOf(expected)}`;
  const isScalar = typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean';
  if (!expected.startsWith('string') || !isScalar)
    return error(yaml, path, 'value', 'wrong-type', message, kindOf(expected));
  const location = yaml.locate(path);
  const line = yaml.text.split('\n', location.start.line)[location.start.line - 1] ?? '';
  const written = line.slice(location.start.column - 1, location.end.column - 1);
  const allowed = 'text, in quotes where it reads like a number';
  const near = firstValid(schema, path, [written, `${written}s`]);
  const found = error(yaml, path, 'value', 'wrong-type', message, allowed);
  return near === undefined ? found : { ...found, nearest: `"${near}"` };
}

function invalidValue(
  yaml: YamlFile,
  schema: z.ZodType,
  path: Path,
  value: unknown,
  allowed: string,
): Finding {
  const message = `${quote(value)} is not valid for ${describe(path)}`;
  const found = error(yaml, path, 'value', 'invalid-value', message, allowed);
  const near = typeof value === 'string' ? nearestValid(schema, path, value) : undefined;
  return near === undefined ? found : { ...found, nearest: near };
}

/** The closest spelling that the schema accepts: a known region, or the value without what is not allowed in it. */
function nearestValid(schema: z.ZodType, path: Path, value: string): string | undefined {
  const asName = value
    .toLowerCase()
    .replace(/[^a-z0-9.-]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '');
  const region = path.includes('region') || path.includes('regions');
  const candidates = region
    ? [nearest(value, regions.keys())]
    : [value.trim(), asName, value.replace(/\s/g, ''), `${value}s`];
  const digits = value.replace(/[^0-9]/g, '');
  return firstValid(schema, path, [...candidates, digits]);
}

function firstValid(
  schema: z.ZodType,
  path: Path,
  candidates: readonly (string | undefined)[],
): string | undefined {
  const part = schemaAt(schema, path);
  return candidates.find((candidate) => part && candidate && safeParse(part, candidate).success);
}

function error(
  yaml: YamlFile,
  path: Path,
  target: 'key' | 'value',
  rule: Finding['rule'],
  message: string,
  allowed: string,
): Finding {
  return { rule, severity: 'error', message, allowed, location: yaml.locate(path, target) };
}

/** The alternative that the author meant: the one whose outermost type fits. */
function unionBranch(issue: Extract<Issue, { code: 'invalid_union' }>, value: unknown): readonly Issue[] {
  const fitting = issue.errors.find(
    (branch) => !branch.some((inner) => inner.path.length === 0 && inner.code === 'invalid_type'),
  );
  if (fitting !== undefined && issue.errors.length > 0) return fitting;
  const expected = issue.errors
    .flat()
    .map((inner) => (inner.code === 'invalid_type' ? inner.expected : 'string'));
  const both = [...new Set(expected)].join(' or ');
  return [{ code: 'invalid_type', expected: both as 'string', path: [], message: '', input: value }];
}

/** The keys that the schema has at a path; of a union's alternatives, those of the mapping. */
function knownKeys(schema: z.ZodType, path: Path, value: unknown): string[] {
  const part = schemaAt(schema, path);
  const found = part && unwrap(part);
  return found && typeof value === 'object' ? Object.keys(shapeOf(found) ?? {}) : [];
}

function schemaAt(schema: z.ZodType, path: Path): z.core.$ZodType | undefined {
  let here: z.core.$ZodType | undefined = schema;
  for (const step of path) here = here && child(unwrap(here), step);
  return here;
}

interface Definition {
  readonly innerType?: z.core.$ZodType;
  readonly options?: readonly z.core.$ZodType[];
  readonly shape?: Record<string, z.core.$ZodType>;
  readonly element?: z.core.$ZodType;
  readonly valueType?: z.core.$ZodType;
}

function definition(schema: z.core.$ZodType): Definition {
  return schema._zod.def as Definition;
}

function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  const { innerType, options } = definition(schema);
  if (innerType) return unwrap(innerType);
  const mapping = options?.find((option) => definition(option).shape || definition(option).element);
  return mapping ? unwrap(mapping) : schema;
}

function shapeOf(schema: z.core.$ZodType): Record<string, z.core.$ZodType> | undefined {
  return definition(schema).shape;
}

function child(schema: z.core.$ZodType, step: string | number): z.core.$ZodType | undefined {
  const { element, valueType } = definition(schema);
  return typeof step === 'number' ? element : (shapeOf(schema)?.[step] ?? valueType);
}

function valueAt(value: Plain, path: Path): unknown {
  let here: unknown = value;
  for (const step of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, step)) return undefined;
    here = (here as Record<string | number, unknown>)[step];
  }
  return here;
}

/** `services[2].secrets[0]` for a path; "the file" for its root. */
function describe(path: Path): string {
  if (path.length === 0) return 'the file';
  return path
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index > 0 ? '.' : ''}${step}`))
    .join('');
}

function quote(value: unknown): string {
  if (value !== null && typeof value === 'object') return kindOf(typeName(value));
  const text = String(value);
  return `"${text.length > 60 ? `${text.slice(0, 57)}...` : text}"`;
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value === 'bigint' ? 'number' : typeof value;
}

const kinds: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
  null: 'empty',
};

function kindOf(type: string): string {
  return type
    .split(' or ')
    .map((name) => kinds[name] ?? name)
    .join(' or ');
}
