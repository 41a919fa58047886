import { parseAllDocuments } from 'yaml';

/** What a reader makes of a text, or that it makes nothing of it. */
export type OtherReading =
  | { readonly values: readonly unknown[] }
  | { readonly problem: string; readonly place: readonly [number, number] };

/** What readers of YAML 1.1 and 1.2 make of a text. Mappings are Maps: not every key is a text to them. */
export function* otherReadings(text: string): Generator<OtherReading> {
  for (const version of ['1.1', '1.2'] as const) {
    const documents = [...parseAllDocuments(text, { version })];
    const [found] = documents.flatMap(({ errors, warnings }) => [...errors, ...warnings]);
    yield found === undefined
      ? { values: documents.map((document) => document.toJS({ mapAsMap: true }) as unknown) }
      : { problem: found.message.replace(/ at line \d+, column \d+:?[\s\S]*$/, ''), place: found.pos };
  }
}

/** Where what was read first differs from another reading, or is no JSON: a path; undefined when it does not. */
export function difference(one: unknown, other: unknown): string[] | undefined {
  if (typeof one !== 'object' || one === null) return one === other && isJson(one) ? undefined : [];
  const entries = entriesOf(other);
  if (entries === undefined || Array.isArray(one) !== Array.isArray(other)) return [];
  if (Object.keys(one).length !== entries.length) return [];
  for (const [key, value] of entries) {
    if (!Object.hasOwn(one, key)) return [];
    const inside = difference(one[key as never], value);
    if (inside !== undefined) return [key, ...inside];
  }
  return undefined;
}

/** What stands at a path that leads somewhere, in words. */
export function wordsAt(values: unknown, path: readonly string[]): string {
  const value = path.reduce(inside, values);
  if (typeof value === 'object' && value !== null) return 'one thing';
  return typeof value === 'number' ? String(value) : JSON.stringify(value);
}

function inside(value: unknown, key: string): unknown {
  return value instanceof Map ? value.get(key) : (value as Readonly<Record<string, unknown>>)[key];
}

/** Undefined where there are none, or not all keys are texts. */
function entriesOf(value: unknown): (readonly [string, unknown])[] | undefined {
  if (Array.isArray(value)) return value.map((item, index) => [String(index), item]);
  if (!(value instanceof Map)) return undefined;
  const entries = [...value];
  return entries.every(([key]) => typeof key === 'string') ? entries : undefined;
}

/** Others than the numbers that JavaScript holds may be others to Kubernetes. */
function isJson(value: unknown): boolean {
  return typeof value !== 'number' || (Number.isFinite(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER);
}
