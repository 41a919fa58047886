import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fileKind } from '../../src/proof/files/paths.ts';
import { runs } from '../support/run-compile.ts';

const account = '(?<account>[0-9]{12})';

/** The paths of each kind, as patterns. */
const patterns = {
  tenant: /^clusters\/(?<cluster>[^/]+)\/services\/(?<service>[^/]+)\.yaml$/,
  platform: /^clusters\/(?<cluster>[^/]+)\/platform\/[^/]+\.yaml$/,
  policy: new RegExp(`^aws/${account}/roles/(?<role>[^/]+)/policy\\.json$`),
  trust: new RegExp(`^aws/${account}/roles/(?<role>[^/]+)/trust\\.json$`),
  cloudformation: new RegExp(`^aws/${account}/cloudformation\\.json$`),
  terraform: new RegExp(`^aws/${account}/terraform\\.tf\\.json$`),
  tagGuard: new RegExp(`^aws/${account}/tag-guard\\.json$`),
  eksctl: new RegExp(`^aws/${account}/eksctl/(?<cluster>[^/]+)\\.json$`),
  podIdentity: new RegExp(`^aws/${account}/pod-identity/(?<cluster>[^/]+)\\.json$`),
  secrets: new RegExp(`^aws/${account}/secrets/(?<region>[^/]+)/(?<identity>[^/]+)\\.json$`),
  unknown: /^(?:aws|clusters)\//iu,
};

function byPattern(path: string) {
  for (const [kind, pattern] of Object.entries(patterns)) {
    const found = pattern.exec(path);
    if (found !== null) return { kind, ...found.groups };
  }
  return undefined;
}

const part = fc.constantFrom(
  ...`clusters aws 123456789012 12345678901 1234567890123 prod services platform roles secrets eksctl pod-identity
  policy.json trust.json cloudformation.json terraform.tf.json terraform.json tag-guard.json a.json a.yaml .yaml .json
  a.b.yaml constructor AWS Clusters awſ`.split(/\s+/),
  '',
  '123456789012\n',
  'a.json\n',
);
const accounts = fc.oneof(
  { weight: 6, arbitrary: fc.constant('123456789012') },
  fc.constantFrom('12345678901', '1234567890123', '123456789012\n'),
);
const clusters = fc.oneof({ weight: 6, arbitrary: fc.constant('prod') }, fc.constant(''));
const parts = fc.array(part, { minLength: 1, maxLength: 4 });
const paths = fc.oneof(
  fc.array(part, { maxLength: 6 }),
  { weight: 2, arbitrary: fc.tuple(accounts, parts).map(([account, below]) => ['aws', account, ...below]) },
  fc
    .tuple(clusters, fc.constantFrom('services', 'platform', 'roles'), fc.array(part, { maxLength: 2 }))
    .map(([cluster, folder, below]) => ['clusters', cluster, folder, ...below]),
  fc
    .tuple(fc.constantFrom('roles', 'secrets'), fc.constantFrom('prod', ''), part)
    .map((below) => ['aws', '123456789012', ...below]),
);

test('a file is what the pattern of its path says', () => {
  const { numRuns, seed } = runs(5000);
  const kinds = new Set<string | undefined>();
  const property = fc.property(paths, (parts) => {
    const path = parts.join('/');
    const found = fileKind(path);
    expect(found).toEqual(byPattern(path));
    kinds.add(found?.kind);
  });
  fc.assert(property, { numRuns, seed });
  expect(kinds).toEqual(new Set([...Object.keys(patterns), undefined]));
});
