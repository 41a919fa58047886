import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apiVersionOf, Crds, type Kind } from '../src/validate/crd.ts';
import { compileDefaults } from '../src/validate/defaults.ts';
import { createValidator, generatedCrds } from '../src/validate/index.ts';
import { readObjectSchema, readStructural, type Structural } from '../src/validate/structural.ts';
import { runs } from './support/run-compile.ts';
import { change, changed, objectOf } from './support/schema-objects.ts';

const versions = [...generatedCrds].flatMap((kind) =>
  kind.versions.map((version) => ({ kind, version, name: `${apiVersionOf(kind, version)} ${kind.kind}` })),
);

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A kind whose schemas are compiled when they are needed, as those of a user's own CRDs are. */
function uncompiled(kind: Kind): Kind {
  return { ...kind, versions: kind.versions.map(({ validate: _, ...version }) => version) };
}

describe('a schema that was compiled ahead of time', () => {
  const ahead = createValidator(generatedCrds);
  const fresh = createValidator(new Crds([...generatedCrds].map(uncompiled)));

  it('is there for every kind and version', () => {
    expect(versions.filter(({ version }) => version.validate === undefined)).toEqual([]);
    expect(versions.length).toBeGreaterThan(8);
  });

  it.each(versions)('finds the same as one that is compiled now: $name', ({ kind, version }) => {
    const rules = new Map<string, number>();
    const count = (rule: string) => rules.set(rule, (rules.get(rule) ?? 0) + 1);
    const spec = objectOf(readObjectSchema(version.schema));
    const named = { apiVersion: apiVersionOf(kind, version), kind: kind.kind };
    fc.assert(
      fc.property(spec, fc.array(change, { maxLength: 3 }), (object, changes) => {
        const changedObject = changes.reduce(changed, object);
        const manifest = { object: { ...(isObject(changedObject) && changedObject), ...named }, file: 'f' };
        const findings = ahead.check(manifest);
        expect(findings).toEqual(fresh.check(manifest));
        for (const rule of new Set(findings.map(({ rule }) => rule))) count(rule);
        if (!findings.some(({ rule }) => rule === 'schema' || rule === 'unknown-field')) count('fits');
      }),
      runs(100),
    );
    for (const outcome of ['fits', 'schema', 'unknown-field'])
      expect(rules.get(outcome) ?? 0, outcome).toBeGreaterThan(3);
  });

  it.each([
    ['', 'fewer than 1'],
    ['🙂', undefined],
    ['🙂'.repeat(253), undefined],
    ['🙂'.repeat(254), 'more than 253'],
    [`${'a'.repeat(252)}🙂`, undefined],
  ])('counts characters, not UTF-16 code units: case %#', (name, bound) => {
    const named = { apiVersion: 'external-secrets.io/v1', kind: 'ExternalSecret', metadata: { name: 'a' } };
    const manifest = { object: { ...named, spec: { secretStoreRef: { name } } }, file: 'f' };
    const bounds = [ahead, fresh].map((validator) =>
      validator.check(manifest).flatMap(({ allowed }) => /(?:fewer|more) than \d+/.exec(allowed ?? '') ?? []),
    );
    const expected = bound === undefined ? [] : [bound];
    expect(bounds).toEqual([expected, expected]);
  });
});

it('says what stands at the place of a mistake, also where that is nothing', () => {
  const object = { apiVersion: 'v1', kind: 'Namespace', metadata: null, spec: { finalizers: [1, null] } };
  const start = { line: 1, column: 1 };
  const locate = () => ({ file: 'f', start, end: start });
  const findings = createValidator(generatedCrds).check({ object, file: 'f', locate });
  expect(findings.filter(({ rule }) => rule === 'schema').map(({ message }) => message)).toEqual([
    'metadata is empty, not an object',
    'spec.finalizers[0] is a number, not text',
    'spec.finalizers[1] is empty, not text',
  ]);
});

/** Fills in defaults node by node, whether or not there are any below. */
function filledIn(node: Structural | undefined, value: unknown): unknown {
  if (node === undefined || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((entry) => filledIn(node.items, entry));
  const all: Record<string, unknown> = { ...value };
  for (const [name, child] of node.properties ?? []) {
    const isAbsent = all[name] === undefined || (all[name] === null && !child.nullable);
    if (isAbsent && child.default) all[name] = structuredClone(child.default.value);
  }
  const additional = typeof node.additional === 'object' ? node.additional : undefined;
  const entries = Object.entries(all).map(([name, entry]) => {
    return [name, filledIn(node.properties?.get(name) ?? additional, entry)] as const;
  });
  return Object.fromEntries(entries);
}

/** A schema as a CRD has it, with defaults anywhere; `value` is what may stand there, with other things. */
const { schema: anySchema } = fc.letrec<{ schema: object }>((tie) => {
  const child = tie('schema');
  const shape = fc.oneof(
    { depthSize: 'small' },
    fc.constant({ type: 'string' }),
    fc.record({ type: fc.constant('array'), items: child }),
    fc.record({ type: fc.constant('object'), additionalProperties: child }),
    fc.record({ type: fc.constant('object'), properties: fc.record({ a: child, b: child, c: child }) }),
  );
  const defaults = fc.record(
    { default: fc.constantFrom('x', {}, [], [{}], null, { a: {} }), nullable: fc.constant(true) },
    { requiredKeys: [] },
  );
  return { schema: fc.tuple(shape, defaults).map(([one, other]) => ({ ...one, ...other })) };
});
const { value: anyValue } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom('x', null),
    fc.array(tie('value'), { maxLength: 2 }),
    fc.record({ a: tie('value'), b: tie('value'), d: tie('value') }, { requiredKeys: [] }),
  ),
}));

describe('compiled defaults are those that are filled in node by node', () => {
  it.each(versions)('of $name', ({ version }) => {
    const schema = readObjectSchema(version.schema);
    const fill = compileDefaults(schema) ?? ((object: unknown) => object);
    fc.assert(
      fc.property(objectOf(schema), fc.array(change, { maxLength: 3 }), (object, changes) => {
        const changedObject = changes.reduce(changed, object);
        const before = structuredClone(changedObject);
        expect(fill(changedObject)).toEqual(filledIn(schema, changedObject));
        expect(changedObject).toEqual(before);
      }),
      runs(50),
    );
  });

  it('of any schema', () => {
    let filled = 0;
    fc.assert(
      fc.property(anySchema, anyValue, (raw, value) => {
        const schema = readStructural(raw);
        const expected = filledIn(schema, value);
        const found = (compileDefaults(schema) ?? ((object: unknown) => object))(value);
        expect(found).toEqual(expected);
        if (found !== value) filled += 1;
      }),
      runs(2000),
    );
    expect(filled).toBeGreaterThan(50);
  });
});
