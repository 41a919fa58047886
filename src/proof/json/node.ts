import type { Location } from '../../findings/finding.ts';

/** A JSON value that knows where it stands in its text. */
export type JsonNode = JsonObject | JsonArray | JsonText | JsonNumber | JsonBoolean | JsonNull;

/** A JSON object. Its keys differ from each other. */
export interface JsonObject {
  readonly type: 'object';
  readonly entries: readonly JsonEntry[];
  readonly location: Location;
}

/** A key of an object with its value. `location` is the key's place, quotes included. */
export interface JsonEntry {
  readonly key: string;
  readonly value: JsonNode;
  readonly location: Location;
}

/** A JSON array. */
export interface JsonArray {
  readonly type: 'array';
  readonly items: readonly JsonNode[];
  readonly location: Location;
}

/** A JSON string; `value` is what it stands for, escapes resolved. */
export interface JsonText {
  readonly type: 'string';
  readonly value: string;
  readonly location: Location;
}

/** A JSON number. */
export interface JsonNumber {
  readonly type: 'number';
  readonly value: number;
  readonly location: Location;
}

/** `true` or `false`. */
export interface JsonBoolean {
  readonly type: 'boolean';
  readonly value: boolean;
  readonly location: Location;
}

/** `null`. */
export interface JsonNull {
  readonly type: 'null';
  readonly location: Location;
}

/** The entry of an object with that key, or undefined when there is none or the node is no object. */
export function entryOf(node: JsonNode | undefined, key: string): JsonEntry | undefined {
  return node?.type === 'object' ? node.entries.find((entry) => entry.key === key) : undefined;
}

/** The value behind a chain of keys, or undefined when one of them is missing. */
export function valueAt(node: JsonNode | undefined, ...keys: readonly string[]): JsonNode | undefined {
  return keys.reduce<JsonNode | undefined>((at, key) => entryOf(at, key)?.value, node);
}

/** The value without its places, as JSON.parse gives it. Objects have no prototype. */
export function plainOf(node: JsonNode): unknown {
  if (node.type === 'array') return node.items.map(plainOf);
  if (node.type === 'null') return null;
  if (node.type !== 'object') return node.value;
  const plain: Record<string, unknown> = Object.create(null);
  for (const { key, value } of node.entries) plain[key] = plainOf(value);
  return plain;
}
