import type { Finding } from '../../findings/finding.ts';
import type { JsonNode } from './node.ts';

/** The deepest nesting that is read. */
export const maxJsonDepth = 40;

/** The longest text that is read, in UTF-16 code units. */
export const maxJsonLength = 20_000_000;

/** A JSON text that was read: its root, or what is wrong with it. */
export type JsonFile =
  | { readonly root: JsonNode; readonly findings: readonly [] }
  | { readonly root: undefined; readonly findings: readonly Finding[] };

/**
 * Reads a strict JSON text (RFC 8259: no comments, no trailing commas) into a tree that knows its places.
 * Nothing is thrown: syntax errors, duplicate keys, too much depth or length are findings with their place.
 */
export function readJson(file: string, text: string): JsonFile {
  throw new Error(`not read: ${file} ${text.length}`);
}
