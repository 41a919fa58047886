// What a large fleet means for git, pull requests, Argo CD, Flux and AWS: the tables of docs/scale.md.
//
//   node --import tsx scripts/simulate-scale.ts          10,000 services, some minutes
//   node --import tsx scripts/simulate-scale.ts 2000     any other number of services
//
// The fleet has the shape of 100,000 services in 100 clusters and 50 accounts: 1,000 services in each cluster, two
// clusters, in two regions, in each account. What is for each cluster or account is thus as at 100,000 services, and the
// sums are that many times smaller.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { callTable, documentTable } from './scale/aws.ts';
import { accountCount, clusterCount, fleetOf } from './scale/fleet.ts';
import { gitTables } from './scale/git.ts';
import { gitopsTable } from './scale/gitops.ts';
import { numbered } from './scale/markdown.ts';

const services = Number(process.argv[2] ?? 10_000);
const base = { services };
const folder = mkdtempSync(path.join(tmpdir(), 'eso-abac-scale-'));
try {
  console.log(
    `${numbered(services)} services, ${clusterCount(base)} clusters, ${accountCount(base)} accounts\n`,
  );
  console.log(gitTables(base, folder));
  console.log(gitopsTable(fleetOf(base, folder)));
  console.log(callTable(services, folder));
  console.log(documentTable(folder));
} finally {
  rmSync(folder, { recursive: true });
}
