import fc from 'fast-check';
import type { Structural } from '../../src/validate/structural.ts';

/** Objects that meet a schema, as far as its `pattern` and logic let them: every word of it that is an enum or a bound. */
export function objectOf(node: Structural): fc.Arbitrary<unknown> {
  const value = notNull(node);
  return node.nullable ? fc.oneof({ weight: 9, arbitrary: value }, fc.constant(null)) : value;
}

function notNull(node: Structural): fc.Arbitrary<unknown> {
  if (Array.isArray(node.limits.enum)) return fc.constantFrom(...node.limits.enum);
  if (node.intOrString) return fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constant('10%'));
  switch (node.type) {
    case 'object':
      return mapping(node);
    case 'array':
      return fc.array(node.items ? objectOf(node.items) : fc.integer(), {
        minLength: numberOr(node.limits.minItems, 0),
        maxLength: numberOr(node.limits.minItems, 0) + 2,
      });
    case 'string':
      return textOf(node);
    case 'integer':
    case 'number':
      return fc.integer({ min: numberOr(node.limits.minimum, 0), max: numberOr(node.limits.maximum, 1000) });
    case 'boolean':
      return fc.boolean();
    default:
      return fc.jsonValue({ maxDepth: 1 });
  }
}

function mapping({ properties, additional, required }: Structural): fc.Arbitrary<unknown> {
  const fields = Object.fromEntries([...(properties ?? [])].map(([name, child]) => [name, objectOf(child)]));
  const known = fc.record(fields, { requiredKeys: required.filter((name) => Object.hasOwn(fields, name)) });
  if (typeof additional !== 'object') return known;
  const others = fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), objectOf(additional), { maxKeys: 3 });
  return fc.tuple(others, known).map(([other, own]) => ({ ...other, ...own }));
}

function textOf({ pattern, format, limits }: Structural): fc.Arbitrary<string> {
  if (format === 'date-time') return fc.constant('2026-01-02T03:04:05Z');
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern));
  const minLength = numberOr(limits.minLength, 0);
  return fc.stringMatching(/^[a-z]*$/, { maxLength: 8 }).map((text) => text.padEnd(minLength, 'x'));
}

function numberOr(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}

/** Values that some field will not take: of every type, too long, too large, twice the same. */
const oddValues: readonly unknown[] = [
  null,
  '',
  'odd~value/of no pattern\n',
  'x'.repeat(300),
  -1,
  0.5,
  2 ** 31,
  1e21,
  true,
  [],
  [1, 1],
  [{}, {}],
  {},
  { name: 1 },
  { 'odd~name/here': 'x' },
  ['x', 'x'],
];

/** One change of an object: a part, counted over all that it has, and what becomes of it. */
export interface Change {
  readonly part: number;
  readonly how: 'replace' | 'remove' | 'add' | 'repeat';
  readonly value: unknown;
}

export const change: fc.Arbitrary<Change> = fc.record({
  part: fc.nat(),
  how: fc.constantFrom('replace', 'remove', 'add', 'repeat'),
  value: fc.constantFrom(...oddValues),
});

type Container = Record<string, unknown>;

/** A copy of an object with one part changed: a field or an entry replaced, removed or repeated, or a field added. */
export function changed(object: unknown, { part, how, value }: Change): unknown {
  const copy = structuredClone(object);
  const parts = [...partsOf(copy)];
  const chosen = parts[part % Math.max(parts.length, 1)];
  if (chosen === undefined) return value;
  const [container, key] = chosen;
  if (how === 'add' && !Array.isArray(container)) container['odd~field/here'] = value;
  else if (how === 'remove') delete container[key];
  else if (how === 'repeat' && Array.isArray(container[key])) container[key].push(...container[key]);
  else container[key] = value;
  return copy;
}

function* partsOf(value: unknown): Generator<[Container, string]> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, child] of Object.entries(value)) {
    yield [value as Container, key];
    yield* partsOf(child);
  }
}
