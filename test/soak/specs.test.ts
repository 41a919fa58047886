import fc from 'fast-check';
import { expect, it } from 'vitest';
import { jsonSchema } from '../../src/input/schema.ts';
import { anySpec } from './kinds/specs.ts';

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly string[];
}

/** Every key that the format knows, and every word that a value may be, by the keys that lead there. */
function knownIn({ properties = {}, additionalProperties, items, anyOf = [], enum: words }: Schema, at = '') {
  const inner: string[] = [
    ...Object.entries(properties).flatMap(([key, value]) => [
      `${at}/${key}`,
      ...knownIn(value, `${at}/${key}`),
    ]),
    ...(typeof additionalProperties === 'object' ? knownIn(additionalProperties, `${at}/*`) : []),
    ...(items === undefined ? [] : knownIn(items, at)),
    ...anyOf.flatMap((one) => knownIn(one, at)),
    ...(words !== undefined && words.length < 5 ? words.map((word) => `${at}: ${word}`) : []),
  ];
  return inner;
}

/** The same of data, with `*` for keys that are names. */
function saidIn(value: unknown, known: ReadonlySet<string>, at = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((one) => saidIn(one, known, at));
  if (typeof value !== 'object' || value === null) return [at, `${at}: ${String(value)}`];
  return [
    at,
    ...Object.entries(value).flatMap(([key, one]) =>
      saidIn(one, known, known.has(`${at}/${key}`) ? `${at}/${key}` : `${at}/*`),
    ),
  ];
}

it('makes inputs up that hold whatever an input may, but for what the soak of fleets adds', () => {
  const known = new Set(knownIn(jsonSchema('main') as Schema));
  const said = new Set(fc.sample(anySpec, { seed: 2, numRuns: 500 }).flatMap((spec) => saidIn(spec, known)));
  expect(known.size).toBeGreaterThan(50);
  expect([...known].filter((one) => !said.has(one))).toEqual(['/include']);
});
