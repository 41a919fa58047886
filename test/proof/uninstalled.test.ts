import { expect, it } from 'vitest';
import { proveDist } from '../../src/proof/prove/prove.ts';
import { filesOf } from './fleets.ts';

const files = filesOf(`
version: 1
aws: { account: "123456789012" }
gitops: { repository: "https://git.example.com/secrets.git", flux: {} }
clusters: { one: { region: us-west-2 } }
services: [{ name: ledger, clusters: [one], secrets: [ledger/db] }]
`);
const values = 'operator/one/helm-values.yaml';

it.each([
  ['with services', files],
  ['without services', files.filter(({ path }) => !/\/(?:services|secrets)\//.test(path))],
])('values of a chart that are not there are told once: dist %s', (_, all) => {
  expect(proveDist(all).findings).toEqual([]);
  const { findings } = proveDist(all.filter(({ path }) => path !== values));
  expect(findings.map(({ message, location }) => `${location?.file}: ${message}`)).toEqual([
    `${values}: no values say how the operator is installed in cluster "one"`,
  ]);
});
