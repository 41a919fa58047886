import { expect, it } from 'vitest';
import { filledIn } from '../../../src/proof/guard/filled-in.ts';

const fields = ['creationTimestamp', 'generation', 'managedFields', 'uid'];
const keysOf = (value: unknown) => Object.keys(value as object).sort();

it('metadata of an object has what the API server gives each', () => {
  const filled = filledIn({ kind: 'SecretStore', metadata: { name: 'a' }, spec: { b: 1 } }, false);
  expect(filled).toMatchObject({ kind: 'SecretStore', metadata: { name: 'a' }, spec: { b: 1 } });
  expect(keysOf(filled?.metadata)).toEqual([...fields, 'name'].sort());
  expect(keysOf(filled)).toEqual(['kind', 'metadata', 'spec']);
  expect(filledIn({}, false)).toEqual({ metadata: expect.objectContaining({ generation: 1 }) });
});

it('what fields of metadata hold is of their types', () => {
  expect(filledIn({}, false)?.metadata).toEqual({
    uid: expect.stringMatching(/^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/),
    creationTimestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    generation: 1,
    managedFields: [{ manager: expect.stringMatching(/./), operation: 'Apply' }],
  });
});

it('what is written counts more', () => {
  const spec = { finalizers: [] };
  expect(filledIn({ metadata: { generation: 7 }, spec }, true)).toEqual({
    metadata: expect.objectContaining({ generation: 7, uid: expect.anything() }),
    spec,
    status: { phase: 'Active' },
  });
});

it('a Namespace has more than other objects', () => {
  expect(filledIn({ kind: 'Namespace' }, true)).toMatchObject({
    spec: { finalizers: ['kubernetes'] },
    status: { phase: 'Active' },
  });
});

it('what is not there stays away, and the same object is filled in once', () => {
  expect(filledIn(null, true)).toBeNull();
  const object = { kind: 'SecretStore' };
  expect(filledIn(object, false)).toBe(filledIn(object, false));
});
