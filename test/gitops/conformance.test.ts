import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { runs } from '../support/run-compile.ts';
import { applyDefaults, type Crd, unknownFields } from '../support/upstream.ts';
import { distOf, objectsBelow, spec } from './inputs.ts';
import { refusal, upstreamKinds } from './upstream.ts';

/** A schema of crds/gitops, which uses these keywords and no others. */
interface Schema {
  readonly type: 'object' | 'array' | 'string' | 'boolean' | 'integer';
  readonly description?: string;
  readonly default?: unknown;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema;
  readonly items?: Schema;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
}

const folder = new URL('../../crds/gitops/', import.meta.url);
const crds = readdirSync(folder).map((name) => load(readFileSync(new URL(name, folder), 'utf8')) as Crd);

function schemaOf({ spec: { names, group, versions } }: Crd) {
  const [version] = versions;
  const root = version?.schema.openAPIV3Schema as unknown as Schema;
  return {
    kind: String(names.kind),
    apiVersion: `${group}/${version?.name}`,
    root,
    spec: root.properties?.spec as Schema,
  };
}

/** Any value that a schema of ours lets through, whatever upstream thinks of it. */
function anyOf(schema: Schema): fc.Arbitrary<unknown> {
  const { type, properties = {}, required = [], additionalProperties, items } = schema;
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (type === 'string') return textOf(schema);
  if (type === 'boolean') return fc.boolean();
  if (type === 'integer') return fc.integer();
  if (type === 'array' && items) return fc.array(anyOf(items), { maxLength: 3 });
  if (additionalProperties)
    return fc.dictionary(fc.string(), anyOf(additionalProperties), { maxKeys: 3, noNullPrototype: true });
  const fields = Object.fromEntries(Object.entries(properties).map(([name, field]) => [name, anyOf(field)]));
  return fc.record(fields, { requiredKeys: [...required], noNullPrototype: true });
}

function textOf({ pattern, minLength = 0, maxLength = 40 }: Schema): fc.Arbitrary<string> {
  return pattern === undefined ? fc.string({ minLength, maxLength }) : fc.stringMatching(new RegExp(pattern));
}

/** Each field below a schema, as the way to it: `0` leads into a list. */
function waysOf(schema: Schema, way: readonly string[] = []): (readonly string[])[] {
  const children = [
    ...Object.entries(schema.properties ?? {}),
    ...(schema.items ? [['0', schema.items] as const] : []),
    ...(schema.additionalProperties ? [['any', schema.additionalProperties] as const] : []),
  ];
  return children.flatMap(([name, child]) => [[...way, name], ...waysOf(child, [...way, name])]);
}

/** The smallest value of a schema in which the field at the end of the way holds something that it never can. */
function brokenAt(schema: Schema, [step, ...rest]: readonly string[]): unknown {
  if (step === undefined) return schema.type === 'boolean' || schema.type === 'integer' ? 'text' : 17;
  const child = schema.properties?.[step] ?? schema.items ?? schema.additionalProperties;
  if (child === undefined) throw new Error(`no field ${step}`);
  if (schema.items) return [brokenAt(child, rest)];
  const required = (schema.required ?? []).map((name) => [name, smallest(schema.properties?.[name])]);
  return { ...Object.fromEntries(required), [step]: brokenAt(child, rest) };
}

function smallest(schema: Schema | undefined): unknown {
  if (schema?.enum) return schema.enum[0];
  if (schema?.type === 'object')
    return Object.fromEntries(
      (schema.required ?? []).map((name) => [name, smallest(schema.properties?.[name])]),
    );
  if (schema?.type === 'array') return [];
  if (schema?.type === 'boolean') return true;
  return schema?.pattern?.includes('ms|s|m') ? '1m' : schema?.pattern ? 'https://example.com' : 'text';
}

/**
 * Where upstream takes any value: parameters of generators are ours, and values are the chart's. Of a field that is
 * called description the package with upstream's schemas knows nothing: it leaves out all descriptions.
 */
const anything =
  /^spec(\.generators\.0(\.matrix\.generators\.0)?\.list\.elements\.0(\.any)?|\.values|\.description)$/;

describe.each(crds.map(schemaOf))('crds/gitops: $kind', ({ kind, apiVersion, root, spec: specSchema }) => {
  const object = (value: unknown) => ({
    apiVersion,
    kind,
    metadata: { name: 'one', namespace: 'two' },
    spec: value,
  });

  it('allows nothing that upstream refuses', () => {
    fc.assert(
      fc.property(anyOf(specSchema), (value) => {
        expect(refusal(object(value))).toBeUndefined();
      }),
      runs(150),
    );
  });

  it('has no field that upstream does not have, nor one of another type', () => {
    const ways = waysOf(specSchema).filter((way) => !anything.test(['spec', ...way].join('.')));
    const unknown = ways.filter((way) => refusal(object(brokenAt(specSchema, way))) === undefined);
    expect(unknown).toEqual([]);
    expect(ways.length).toBeGreaterThan(2);
  });

  it('describes each field, in one line that ends like a sentence', () => {
    const described = (schema: Schema, path: string): string[] => [
      ...Object.entries(schema.properties ?? {}).flatMap(([name, child]) => [
        ...(/^\S[^\n]*[.]$/.test(child.description ?? '') ? [] : [`${path}.${name}`]),
        ...described(child, `${path}.${name}`),
      ]),
      ...(schema.items ? described(schema.items, `${path}[]`) : []),
    ];
    expect(described(root, '')).toEqual([]);
  });

  it.each(['cluster', 'service'] as const)(
    'is what is generated, each with every default: %s',
    (applicationFor) => {
      const dist = distOf(spec({ argocd: { applicationFor }, flux: { secretRef: 'git' } }));
      const objects = objectsBelow(dist, 'gitops/').filter((one) => one.kind === kind);
      expect(objects.length).toBeGreaterThan(0);
      for (const one of objects) {
        expect(refusal(one)).toBeUndefined();
        expect(applyDefaults(root as never, one)).toEqual(one);
        const { values: _, ...own } = one.spec as Record<string, unknown>;
        expect(unknownFields(root as never, { ...one, spec: own })).toEqual([]);
      }
    },
  );
});

it('has a schema of upstream for each kind', () => {
  expect(crds.map((crd) => schemaOf(crd).kind).sort()).toEqual([...upstreamKinds].sort());
});
