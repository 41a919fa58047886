import { expect, it } from 'vitest';
import { proveDist } from '../../src/proof/prove/prove.ts';
import { type Change, changed, removed, text } from './attacks/change.ts';
import { filesOf, fleets } from './fleets.ts';

const tree = new Map(filesOf(fleets.small ?? '').map((one) => [one.path, one.text]));
const names = ['payments', 'orders'];
const secretsOf = (name: string) => `aws/123456789012/secrets/us-west-2/${name}.json`;
const serviceOf = (name: string) => `clusters/us-west-2/services/${name}.yaml`;

/** Whoever has no tags, or other ones than a secret, reads it. */
const open = text('aws/123456789012/roles/eso-secrets-access/policy.json', 'StringEquals', 'StringNotEquals');
const noSessionTags = names.map((name) =>
  text(serviceOf(name), `      sessionTags:\n        - key: ekssecret\n          value: ${name}\n`, ''),
);
const noTags = names.map(
  (name): Change =>
    (files) =>
      files.set(
        secretsOf(name),
        (files.get(secretsOf(name)) ?? '').replace(/"Tags": \[[^\]]*\]/, '"Tags": []'),
      ),
);
const noSecrets = names.map((name) => removed(secretsOf(name)));
const noServices = names.map((name) => removed(serviceOf(name)));
const otherTags = names.map((name) => text(serviceOf(name), 'key: ekssecret', `key: of-${name}`));

const found = (file: string) => [
  `${file}: proof-document: no tag decides who reads: none is on most of the stores or most of the secrets`,
];

it.each<readonly [what: string, changes: readonly Change[], found: readonly string[]]>([
  ['services and secrets lost their tags', [...noSessionTags, ...noTags], found(serviceOf('orders'))],
  ['services without secrets lost them', [...noSessionTags, ...noSecrets], found(serviceOf('orders'))],
  ['services have different ones', [...otherTags, ...noSecrets], found(serviceOf('orders'))],
  ['secrets without services lost them', [...noServices, ...noTags], found(secretsOf('orders'))],
])('an access policy that is open is found though %s', (_, changes, expected) => {
  const { findings } = proveDist(
    [...changed(tree, [open, ...changes])].map(([path, content]) => ({ path, text: content })),
  );
  expect(findings.map(({ rule, message, location }) => `${location?.file}: ${rule}: ${message}`)).toEqual(
    expected,
  );
});

it('where there are neither services nor secrets nothing is asked, and that is said', () => {
  const empty = [...changed(tree, [...noServices, ...noSecrets])].map(([path, content]) => ({
    path,
    text: content,
  }));
  const { findings, counts, assumptions } = proveDist(empty);
  expect([findings, counts.cases]).toEqual([[], 0]);
  expect(assumptions).toEqual([
    'the roles and admission policies are right: without services nothing is asked',
  ]);
});
