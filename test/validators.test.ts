import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apiVersionOf, Crds, type Kind } from '../src/validate/crd.ts';
import { createValidator, generatedCrds } from '../src/validate/index.ts';
import { readObjectSchema } from '../src/validate/structural.ts';
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
