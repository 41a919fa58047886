import { type Change, changed, type Json, manifest } from '../attacks/change.ts';
import type { Tree } from '../attacks/tree.ts';
import { filesOf } from '../fleets.ts';
import type { Said } from '../said.ts';
import { clustersOf, found } from './found.ts';

const files = filesOf(`
version: 1
aws: { account: "123456789012" }
gitops: { repository: "https://git.example.com/secrets.git", argocd: { applicationFor: service }, flux: {} }
clusters:
  one: { region: us-west-2, podIdentity: true }
  two: { region: us-west-2, podIdentity: true }
services:
  - { name: ledger, clusters: [one, two], secrets: [ledger/db] }
`);

/** What the clusters are like that they are for. */
export const clusters = clustersOf(files);

/** The files of Argo CD and Flux for two clusters. */
export const deployed = files.filter(({ path }) => path.startsWith('gitops/'));

/** The same by path. */
export const tree: Tree = new Map(deployed.map(({ path, text }) => [path, text]));

/** What is found of them after some changes. */
export const foundAfter = (...changes: readonly Change[]) =>
  found(
    clusters,
    [...changed(tree, changes)].map(([path, text]) => ({ path, text })),
  );

/** What is changed, and each finding of it. */
export type Row = readonly [what: string, changes: readonly Change[], ...found: Said[]];

/** What is allowed in place of a key that nobody knows. */
export const written = 'what eso-abac writes';

export const repository = 'https://git.example.com/secrets.git';

/** The path of a file of Argo CD. */
export const argocd = (name: string) => `gitops/argocd/${name}.yaml`;

/** Patches a set of Argo CD at a path. */
export const set = (name: string, path: readonly (string | number)[], patch: Json): Change =>
  manifest(argocd(name), 'ApplicationSet', path, patch);

/** Where a set says what its Applications apply. */
export const template = ['spec', 'template', 'spec'];
export const source = [...template, 'source'];

/** Where a set for each service says how it finds their files. */
export const matrix = ['spec', 'generators', 0, 'matrix', 'generators'];

/** What is found where there is not one set for each part. */
export const parts = 'one for each of platform, operator, services';
