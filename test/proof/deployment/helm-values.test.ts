import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { placeOfServiceAccount, readHelmValues } from '../../../src/proof/deployment/helm-values.ts';
import { proveDist } from '../../../src/proof/prove/prove.ts';
import { filesOf, fleets } from '../fleets.ts';
import { said } from '../said.ts';

const path = 'operator/two/helm-values.yaml';
const files = filesOf(fleets.chained ?? '');
const values = files.find((file) => file.path === path)?.text ?? '';
const read = (text: string) => {
  const source = { path, text };
  return said([source], (reading) => readHelmValues(source, reading));
};

type Values = { readonly [key: string]: Values | string | number | boolean };

/** The place of each value, and of each mapping, in a mapping. */
function placesIn(mapping: Values): string[][] {
  return Object.entries(mapping).flatMap(([key, value]) => [
    [key],
    ...(typeof value === 'object' ? placesIn(value).map((rest) => [key, ...rest]) : []),
  ]);
}

function changedAt(mapping: Values, [key = '', ...rest]: readonly string[], value?: unknown): object {
  const before = mapping[key];
  if (rest.length > 0 && typeof before === 'object')
    return { ...mapping, [key]: changedAt(before, rest, value) };
  const { [key]: _, ...others } = mapping;
  return value === undefined ? others : { ...mapping, [key]: value };
}

const places = placesIn(load(values) as Values);
const changedTo = (place: readonly string[], value?: unknown) =>
  JSON.stringify(changedAt(load(values) as Values, place, value));

it('what is written is read', () => {
  expect(read(values)).toMatchObject({
    result: { serviceAccount: 'external-secrets', role: 'arn:aws:iam::123456789012:role/platform/eso' },
    findings: [],
  });
});

describe.each(places.map((place) => ({ name: place.join('.'), place })))('$name', ({ name, place }) => {
  // How much pods may use has defaults, and the role may come from elsewhere.
  const isOptional = /resources\.\w+\.|annotations\.?(?:eks|$)/.test(name) && !name.startsWith('crds');

  it('is a value of its type', () => {
    const [found, ...others] = read(changedTo(place, ['x'])).findings;
    expect(found?.[1]).toBe(`"${name}" is not as the proof knows it`);
    expect(found?.[2]).toMatch(/^(?:true|false|keep|Fail|a value of type (?:string|number|boolean|object))$/);
    expect(others).toEqual([]);
  });

  it(isOptional ? 'may be left out' : 'is there', () => {
    const { findings } = read(changedTo(place));
    expect(findings.length > 0).toBe(!isOptional || name.endsWith('role-arn'));
  });

  it('is known by this name alone', () => {
    const beside = [...place.slice(0, -1), `${place.at(-1)}X`];
    const unknown = `"${beside.join('.')}" is something that the proof knows nothing about`;
    expect(read(changedTo(beside, true)).findings.map(([, message]) => message)).toEqual([unknown]);
  });
});

it.each([
  ['a list', '[]\n', '"processClusterStore" is not as the proof knows it'],
  ['nothing', '', 'the document is not as the proof knows it'],
  ['no YAML', '{', ''],
  ['a key twice', `${values}leaderElect: true\n`, ''],
  ['a second document', `${values}---\nleaderElect: true\n`, 'a second document'],
])('%s is reported', (_, text, message) => {
  const { findings } = read(text);
  expect(findings.length).toBeGreaterThan(0);
  expect(findings[0]?.[1]).toContain(message);
});

it('a second document is found where it stands', () => {
  expect(read(`${values}---\nleaderElect: true\n`).findings).toEqual([
    ['leaderElect: true', 'a second document', 'the values alone'],
  ]);
});

it('the place of the service account is that of its name', () => {
  const { result } = read(values);
  const line = result && placeOfServiceAccount(result).start.line;
  expect(values.split('\n').slice((line ?? 0) - 2, line)).toEqual([
    '  create: true',
    '  name: external-secrets',
  ]);
});

it('with a switch for the whole cluster on nothing is proven, and with other amounts it is', () => {
  const proof = (text: string) =>
    proveDist(files.map((file) => (file.path === path ? { path, text } : file))).findings;
  expect(proof(changedTo(['replicaCount'], 3))).toEqual([]);
  expect(proof(changedTo(['processClusterStore'], true)).map(({ rule }) => rule)).toEqual(['proof-document']);
});
