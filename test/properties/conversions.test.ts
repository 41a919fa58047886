import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as argoCd from '../../imports/argoproj.io.ts';
import { kinds } from '../../imports/crds.ts';
import * as externalSecrets from '../../imports/external-secrets.io.ts';
import * as helm from '../../imports/helm.toolkit.fluxcd.io.ts';
import * as kustomize from '../../imports/kustomize.toolkit.fluxcd.io.ts';
import * as source from '../../imports/source.toolkit.fluxcd.io.ts';
import { readStructural } from '../../src/validate/structural.ts';
import { runs } from '../support/run-compile.ts';
import { objectOf } from '../support/schema-objects.ts';

/** A generated class. */
interface ApiObjectClass {
  readonly GVK: { readonly apiVersion: string; readonly kind: string };
  readonly manifest: (props: object) => Record<string, unknown>;
}

const classes = [argoCd, externalSecrets, helm, kustomize, source]
  .flatMap((module): unknown[] => Object.values(module))
  .filter((one): one is ApiObjectClass => typeof one === 'function' && 'GVK' in one);

const versions = kinds.flatMap(({ group, kind, versions }) =>
  versions.map(({ name, schema }) => ({ apiVersion: `${group}/${name}`, kind, schema })),
);

/**
 * An object whose fields are found by their names in code, which differ from those of the CRD in the case of letters. Of
 * a number and a text there is `value` too, by which a field that may be either holds it.
 */
function asProps(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asProps);
  if (typeof value === 'number' || typeof value === 'string') return Object.assign(Object(value), { value });
  if (typeof value !== 'object' || value === null) return value;
  const fields = new Map(Object.entries(value).map(([name, field]) => [name.toLowerCase(), asProps(field)]));
  return new Proxy(value, {
    get: (target, name) => fields.get(String(name).toLowerCase()) ?? Reflect.get(target, name),
  });
}

describe('a generated class yields every field that it is given, in the order of the CRD, and nothing else', () => {
  test('there is one for each version of each kind', () => {
    const names = (all: readonly { apiVersion: string; kind: string }[]) =>
      all.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`).sort();
    expect(names(classes.map(({ GVK }) => GVK))).toEqual(names(versions));
  });

  test.each(versions)('$kind of $apiVersion', ({ apiVersion, kind, schema }) => {
    const own = classes.find(({ GVK }) => GVK.apiVersion === apiVersion && GVK.kind === kind);
    fc.assert(
      fc.property(objectOf(readStructural(schema)), (drawn) => {
        const object: object = { ...(drawn as object), apiVersion, kind };
        const manifest = own?.manifest(asProps(object) as object);
        // Written out, because what differs in the order of fields alone is not the same.
        expect(JSON.stringify(manifest)).toBe(JSON.stringify({ apiVersion, kind, ...object }));
      }),
      runs(100),
    );
  });
});
