import { describe, expect, test } from 'vitest';
import { applyDefaults, type Schema, unknownFields } from './support/upstream.ts';

const schema: Schema = {
  properties: {
    metadata: {},
    spec: {
      properties: {
        policy: { default: 'None' },
        target: { default: { owner: 'me' }, properties: { owner: { default: 'you' }, size: { default: 0 } } },
        items: { items: { properties: { flag: { default: false }, name: {} } } },
        labels: { additionalProperties: {} },
        sizes: { additionalProperties: { properties: { unit: { default: '' } } } },
      },
    },
  },
};

describe('applyDefaults, as Kubernetes does for structural schemas', () => {
  test.each([
    ['fills in nothing where the parent is missing', {}, {}],
    [
      'fills in a field, and fields of what it filled in',
      { spec: {} },
      { spec: { policy: 'None', target: { owner: 'me', size: 0 } } },
    ],
    [
      'keeps what is there, empty and false values too',
      { spec: { policy: '', target: { owner: 'x', size: 7 }, items: [{ flag: true }] } },
      { spec: { policy: '', target: { owner: 'x', size: 7 }, items: [{ flag: true }] } },
    ],
    [
      'takes null as missing',
      { spec: { policy: null, target: { size: null } } },
      { spec: { policy: 'None', target: { owner: 'you', size: 0 } } },
    ],
    [
      'looks into lists and maps',
      {
        spec: {
          policy: 'x',
          target: { owner: 'x', size: 1 },
          items: [{}],
          labels: { a: 'b' },
          sizes: { a: {} },
        },
      },
      {
        spec: {
          policy: 'x',
          target: { owner: 'x', size: 1 },
          items: [{ flag: false }],
          labels: { a: 'b' },
          sizes: { a: { unit: '' } },
        },
      },
    ],
  ])('%s', (_, before, after) => {
    const copy = structuredClone(before);
    expect(applyDefaults(schema, before)).toEqual(after);
    expect(before).toEqual(copy);
  });
});

test('unknownFields names what the API server drops, by path', () => {
  const object = {
    metadata: { anything: { goes: 1 } },
    colour: 1,
    spec: { items: [{ name: 'a' }, { shape: {} }], labels: { free: 'x' }, target: { owner: 'x', age: [1] } },
  };
  expect(unknownFields(schema, object)).toEqual(['colour', 'spec.items[1].shape', 'spec.target.age']);
});
