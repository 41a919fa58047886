import { describe, expect, it } from 'vitest';
import type { Mapping } from '../../../src/proof/files/store.ts';
import { noGuard } from '../../../src/proof/guard/model.ts';
import { Recent } from '../../../src/proof/guard/recent.ts';
import { Samples } from '../../../src/proof/guard/samples.ts';

const alike = true;

describe('two objects are alike to a guard', () => {
  const shapeOf = (spec: unknown) => {
    const samples = new Samples(noGuard('prod'));
    samples.add('a.yaml', [
      { kind: 'Namespace', metadata: { name: 'n' } },
      { kind: 'ExternalSecret', spec } as Mapping,
    ]);
    return samples.all()[0]?.secretShapes[0] ?? expect.fail('there is a secret');
  };
  const pair = { a: 'b', b: 'c' };
  it.each([
    ['with the same numbers', { a: 1 }, { a: 1 }, alike],
    ['with other numbers', { a: 1 }, { a: 2 }, !alike],
    ['with null', { a: null }, { a: 1 }, !alike],
    ['with null for nothing', { a: null }, {}, !alike],
    ['with a boolean', { a: true }, { a: false }, !alike],
    ['with a text for a number', { a: '1' }, { a: 1 }, !alike],
    ['with other texts', { a: 'b' }, { a: 'c' }, alike],
    ['with other keys', { a: 'b' }, { b: 'b' }, !alike],
    ['with other keys of labels', { labels: { a: 'b' } }, { labels: { c: 'b' } }, alike],
    ['with other keys of annotations', { annotations: { a: 'b' } }, { annotations: { c: 'b' } }, alike],
    ['with other keys of data', { data: { a: 'b' } }, { data: { c: 'b' } }, alike],
    ['with other keys of what is none of these', { more: { a: 'b' } }, { more: { c: 'b' } }, !alike],
    [
      'with entries of data that are alike',
      { data: [{ a: 'b' }, { a: 'b' }] },
      { data: [{ a: 'b' }] },
      alike,
    ],
    [
      'with entries of dataFrom that are alike',
      { dataFrom: [{ a: 'b' }, { a: 'b' }] },
      { dataFrom: [{ a: 'b' }] },
      alike,
    ],
    ['with entries of data that differ', { data: [pair, { a: 'b' }] }, { data: [pair] }, !alike],
    [
      'with entries alike behind another',
      { data: [pair, { a: 'b' }, { a: 'b' }] },
      { data: [pair, { a: 'b' }] },
      alike,
    ],
    ['with entries of another list', { more: [{ a: 'b' }, { a: 'b' }] }, { more: [{ a: 'b' }] }, !alike],
    ['with data within data', { data: [{ data: ['b', 'b'] }] }, { data: [{ data: ['b'] }] }, alike],
    ['with a list for a mapping', { a: [] }, { a: {} }, !alike],
    ['with a list in a list', { a: [['b']] }, { a: ['b'] }, !alike],
    ['with what follows a list in it', { a: ['b'], c: 'd' }, { a: ['b', 'd'], c: 'd' }, !alike],
  ])('%s', (_, one, other, is) => {
    expect(shapeOf(one) === shapeOf(other)).toBe(is);
  });
});

describe('what was used last', () => {
  it('is found, and what is found is looked at first', () => {
    const recent = new Recent<string>();
    for (const item of ['a', 'b', 'c']) expect(recent.add(item)).toBe(item);
    const looked: string[] = [];
    const find = (wanted: string) => {
      looked.length = 0;
      return recent.find((item) => looked.push(item) > 0 && item === wanted);
    };
    expect([find('a'), looked.join('')]).toEqual(['a', 'cba']);
    expect([find('a'), looked.join('')]).toEqual(['a', 'a']);
    expect([find('b'), looked.join('')]).toEqual(['b', 'acb']);
    expect([find('d'), looked.join('')]).toEqual([undefined, 'bac']);
    expect([find('e'), looked.join('')]).toEqual([undefined, 'bac']);
  });

  it('is kept, sixteen of it', () => {
    const recent = new Recent<number>();
    for (let item = 0; item < 20; item++) recent.add(item);
    expect([4, 19].map((item) => recent.find((one) => one === item))).toEqual([4, 19]);
    expect([3, 0].map((item) => recent.find((one) => one === item))).toEqual([undefined, undefined]);
  });
});

it('nothing is known of a cluster of which no file says anything', () => {
  expect(noGuard('prod')).toEqual({
    policies: [],
    roles: [],
    bindings: [],
    grants: [],
    operatorNamespace: '',
    operatorAccount: 'external-secrets',
    servedVersions: [],
    isOff: false,
    place: { file: 'clusters/prod/platform/namespace.yaml', document: 0 },
    findings: [],
  });
});
