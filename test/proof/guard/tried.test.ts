import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { administrator, serviceAccount } from '../../../src/proof/guard/authorizer.ts';
import { deployments, everydayWork, realObjects } from '../../../src/proof/guard/everyday.ts';
import { externalSecretForgeries } from '../../../src/proof/guard/forgeries/external-secrets.ts';
import { kindForgeries } from '../../../src/proof/guard/forgeries/kinds.ts';
import { namespaceForgeries } from '../../../src/proof/guard/forgeries/namespaces.ts';
import { rightsForgeries } from '../../../src/proof/guard/forgeries/rights.ts';
import { storeForgeries } from '../../../src/proof/guard/forgeries/stores.ts';
import type { Ground } from '../../../src/proof/guard/ground.ts';
import type { Attempt } from '../../../src/proof/guard/model.ts';
import { groundFor, guardWith, sampleOf } from './service.ts';
import { written } from './written.ts';

const named = (name: string) => [{ name, object: { metadata: { name } } }];
const sample = () => sampleOf();
const ground = (): Ground => ({
  ...groundFor(sample(), guardWith({ roles: named('deployer'), bindings: named('deployers') })),
  // What a policy compares with: an identity, settings of the store, what is neither, and numbers of tags.
  literals: ['ledger', 'datadog', 'us-west-2', 'None', 'prod', 'fake', 'aws', 'other'],
  numbers: [1, 2, 25, 40],
});
const ofStores = (pattern: RegExp) => () => storeForgeries(ground()).filter(({ what }) => pattern.test(what));

/** A service that has nothing but its store, alone in a cluster whose guard has no role. */
const plainSample = () =>
  sampleOf((text) =>
    text
      .replace(/\n.*shared.*|\n.*externalID.*|\n.*additionalRoles:\n.*|\n.*environment\n.*prod/g, '')
      .replace(/---\n.*\nkind: ExternalSecret[\s\S]*/, '')
      .replace('us-west-2', 'eu-west-1')
      .replaceAll('ledger', 'LEDGER')
      .replace('key: team', 'key: TEAM'),
  );
const plain = () => groundFor(plainSample(), guardWith({ operatorNamespace: '' }), true);
const all = (of: Ground) => [
  ...storeForgeries(of),
  ...externalSecretForgeries(of),
  ...namespaceForgeries(of),
  ...rightsForgeries(of),
  ...everydayWork(of),
];

const inV1beta1 = (text: string) => text.replaceAll('external-secrets.io/v1', 'external-secrets.io/v1beta1');

/** All that is tried in a cluster, by what it is about. */
const tried: Readonly<Record<string, () => readonly Attempt[]>> = {
  'new-stores': ofStores(/^create a SecretStore (?!.* in a namespace )/),
  'changed-stores': ofStores(/^(?:change|drop)(?!, in a namespace)/),
  'stores-elsewhere': ofStores(/^\w+, in | in a namespace /),
  'external-secrets': () => externalSecretForgeries(ground()),
  kinds: () => kindForgeries(ground()),
  namespaces: () => namespaceForgeries(ground()),
  rights: () => rightsForgeries(ground()),
  'real-objects': () => realObjects(sampleOf(inV1beta1), administrator),
  deployments: () => deployments(ground(), serviceAccount('ci', 'deployer')),
  'everyday-work': () => everydayWork(ground()),
};

/** These files are there to be read; UPDATE=1 writes them anew. */
function compare(name: string, text: string): void {
  const file = new URL(`tried/${name}.txt`, import.meta.url);
  if (process.env.UPDATE === '1') writeFileSync(file, text);
  expect(text).toBe(readFileSync(file, 'utf8'));
}

it.each(Object.entries(tried))('%s', (name, attempts) => {
  const real = sample();
  compare(
    name,
    attempts()
      .map((one) => written(one, real))
      .join(''),
  );
});

it('every forgery of a SecretStore stands in one of the files', () => {
  const files = ['new-stores', 'changed-stores', 'stores-elsewhere'];
  const listed = files.flatMap((name) => tried[name]?.().map(({ what }) => what) ?? []);
  expect(listed.sort()).toEqual(
    storeForgeries(ground())
      .map(({ what }) => what)
      .sort(),
  );
});

it('a service that has little is tried as well', () => {
  const real = plainSample();
  const little = all(plain());
  const told = little.filter(({ what }) =>
    /^create a SecretStore with (?!a text)|to itself|the role|shared identity$|fetch now$|^set a finalizer/.test(
      what,
    ),
  );
  const names = new Set(little.map(({ what }) => what));
  const left = new Set(
    all(ground()).flatMap(({ what }) => (names.has(what) ? [] : [`not tried: ${what}\n`])),
  );
  compare('little', [...told.map((one) => written(one, real)), ...left].join(''));
});
