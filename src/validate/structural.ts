import { objectMeta } from './builtin.ts';
import { isObject, items } from './manifest.ts';

/**
 * A node of a CRD's schema, read and checked.
 *
 * The form is what Kubernetes calls a structural schema: one type a node, logic (`anyOf` and so on) only for
 * conditions on values. Source: "Specifying a structural schema" in the Kubernetes documentation of
 * CustomResourceDefinitions.
 */
export interface Structural {
  readonly type: string | undefined;
  readonly nullable: boolean;
  /** `x-kubernetes-int-or-string`: an integer or a string, whatever `type` and `anyOf` say. */
  readonly intOrString: boolean;
  /** `x-kubernetes-preserve-unknown-fields`: fields that are not described stay. */
  readonly preserve: boolean;
  /** `x-kubernetes-embedded-resource`: the value is a whole Kubernetes object. */
  readonly embedded: boolean;
  readonly properties: ReadonlyMap<string, Structural> | undefined;
  readonly additional: Structural | true | undefined;
  readonly items: Structural | undefined;
  readonly required: readonly string[];
  /** Absent when there is no default; a default of null is `{ value: null }`. */
  readonly default: { readonly value: unknown } | undefined;
  /** Keywords that JSON Schema has with the same name and meaning: bounds, `enum`, `uniqueItems`. */
  readonly limits: Readonly<Record<string, unknown>>;
  readonly pattern: string | undefined;
  readonly format: string | undefined;
  readonly listType: string | undefined;
  readonly listMapKeys: readonly string[];
  readonly rules: readonly Rule[];
  readonly logic: ReadonlyMap<'allOf' | 'anyOf' | 'oneOf', readonly Structural[]>;
  readonly not: Structural | undefined;
}

/** One entry of `x-kubernetes-validations`. */
export interface Rule {
  readonly rule: string;
  readonly message: string | undefined;
  readonly messageExpression: string | undefined;
  readonly fieldPath: string | undefined;
}

/** Says which part of a schema cannot be used. Whoever reads a schema catches it and reports it. */
export class SchemaError extends Error {}

const types = new Set(['object', 'array', 'string', 'integer', 'number', 'boolean']);
const bounds = [
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
  'multipleOf',
];
const logicWords = ['allOf', 'anyOf', 'oneOf'] as const;

/**
 * Reads a node and everything below it.
 *
 * @throws SchemaError when a keyword has a value that Kubernetes would refuse in a CRD: a schema that is not
 *   understood must not count as one that allows everything.
 */
export function readStructural(raw: unknown, where = 'schema'): Structural {
  if (!isObject(raw)) throw new SchemaError(`${where} is not an object`);
  const child = (node: unknown, name: string) => readStructural(node, `${where}.${name}`);
  const type = optionalText(raw.type, `${where}.type`);
  if (type !== undefined && !types.has(type)) throw new SchemaError(`${where}.type is "${type}"`);
  const properties = readProperties(raw.properties, `${where}.properties`, child);
  const additional = readAdditional(raw.additionalProperties, child);
  const list = raw.items === undefined ? undefined : child(raw.items, 'items');
  const logic = readLogic(raw, where, child);
  const not = raw.not === undefined ? undefined : child(raw.not, 'not');
  return {
    type,
    nullable: raw.nullable === true,
    intOrString: raw['x-kubernetes-int-or-string'] === true,
    preserve: raw['x-kubernetes-preserve-unknown-fields'] === true,
    embedded: raw['x-kubernetes-embedded-resource'] === true,
    properties,
    additional,
    items: list,
    required: texts(raw.required, `${where}.required`),
    default: raw.default === undefined ? undefined : { value: raw.default },
    limits: readLimits(raw, where),
    pattern: optionalText(raw.pattern, `${where}.pattern`),
    format: optionalText(raw.format, `${where}.format`),
    listType: optionalText(raw['x-kubernetes-list-type'], `${where}.x-kubernetes-list-type`),
    listMapKeys: texts(raw['x-kubernetes-list-map-keys'], `${where}.x-kubernetes-list-map-keys`),
    rules: readRules(raw['x-kubernetes-validations'], `${where}.x-kubernetes-validations`),
    logic,
    not,
  };
}

type ReadChild = (node: unknown, name: string) => Structural;

function readProperties(raw: unknown, where: string, child: ReadChild): Structural['properties'] {
  if (raw === undefined) return undefined;
  if (!isObject(raw)) throw new SchemaError(`${where} is not an object`);
  return new Map(Object.entries(raw).map(([name, node]) => [name, child(node, `properties.${name}`)]));
}

function readAdditional(raw: unknown, child: ReadChild): Structural | true | undefined {
  if (raw === undefined || raw === false) return undefined;
  return raw === true ? true : child(raw, 'additionalProperties');
}

function readLogic(
  raw: Readonly<Record<string, unknown>>,
  where: string,
  child: ReadChild,
): Structural['logic'] {
  const logic = new Map<(typeof logicWords)[number], readonly Structural[]>();
  for (const word of logicWords) {
    if (raw[word] === undefined) continue;
    if (!Array.isArray(raw[word])) throw new SchemaError(`${where}.${word} is not a list`);
    logic.set(
      word,
      raw[word].map((node, index) => child(node, `${word}[${index}]`)),
    );
  }
  return logic;
}

/** OpenAPI 3.0 has `exclusiveMinimum: true` beside `minimum`; JSON Schema has the bound itself there. */
function readLimits(
  raw: Readonly<Record<string, unknown>>,
  where: string,
): Readonly<Record<string, unknown>> {
  const limits: Record<string, unknown> = {};
  for (const word of bounds) {
    if (raw[word] !== undefined) limits[word] = number(raw[word], `${where}.${word}`);
  }
  for (const [word, exclusive] of [
    ['minimum', 'exclusiveMinimum'],
    ['maximum', 'exclusiveMaximum'],
  ] as const) {
    if (raw[word] !== undefined) {
      limits[raw[exclusive] === true ? exclusive : word] = number(raw[word], `${where}.${word}`);
    }
  }
  if (raw.uniqueItems === true) limits.uniqueItems = true;
  if (raw.enum !== undefined) {
    if (!Array.isArray(raw.enum) || raw.enum.length === 0)
      throw new SchemaError(`${where}.enum is not a list`);
    limits.enum = raw.nullable === true ? [...raw.enum, null] : raw.enum;
  }
  return limits;
}

function readRules(raw: unknown, where: string): readonly Rule[] {
  if (raw === undefined) return [];
  if (!Array.isArray(raw)) throw new SchemaError(`${where} is not a list`);
  return raw.map((entry: unknown, index) => {
    if (!isObject(entry) || typeof entry.rule !== 'string')
      throw new SchemaError(`${where}[${index}] has no rule`);
    return {
      rule: entry.rule,
      message: optionalText(entry.message, `${where}[${index}].message`),
      messageExpression: optionalText(entry.messageExpression, `${where}[${index}].messageExpression`),
      fieldPath: optionalText(entry.fieldPath, `${where}[${index}].fieldPath`),
    };
  });
}

function optionalText(raw: unknown, where: string): string | undefined {
  if (raw === undefined || typeof raw === 'string') return raw;
  throw new SchemaError(`${where} is not a string`);
}

function texts(raw: unknown, where: string): readonly string[] {
  if (raw === undefined) return [];
  const all = items(raw).filter((entry) => typeof entry === 'string');
  if (!Array.isArray(raw) || all.length < raw.length)
    throw new SchemaError(`${where} is not a list of strings`);
  return all;
}

function number(raw: unknown, where: string): number {
  if (typeof raw === 'number') return raw;
  throw new SchemaError(`${where} is not a number`);
}

/**
 * Reads the schema of a whole object. A CRD leaves `apiVersion`, `kind` and `metadata` to Kubernetes, so their schemas
 * are put in their places.
 *
 * @throws SchemaError as `readStructural` does
 */
export function readObjectSchema(raw: unknown): Structural {
  const root = readStructural(raw);
  const properties = new Map(root.properties);
  properties.set('apiVersion', readStructural({ type: 'string' }));
  properties.set('kind', readStructural({ type: 'string' }));
  properties.set('metadata', readStructural(objectMeta));
  return { ...root, properties, required: [...new Set([...root.required, 'apiVersion', 'kind'])] };
}
