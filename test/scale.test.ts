import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { callTable, documentTable } from '../scripts/scale/aws.ts';
import { fleetOf } from '../scripts/scale/fleet.ts';
import { gitopsTable } from '../scripts/scale/gitops.ts';

const doc = readFileSync('docs/scale.md', 'utf8');
const folder = mkdtempSync(path.join(tmpdir(), 'eso-abac-scale-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('docs/scale.md', () => {
  it('has the rates of calls that the simulation yields', () => {
    expect(doc).toContain(callTable(20, folder));
  });

  it('has the sizes of documents that the simulation yields', () => {
    expect(doc).toContain(documentTable(folder));
  });

  it('has the sizes of lists in Argo CD and Flux that the simulation yields for a cluster', () => {
    const [, , ...rows] = gitopsTable(fleetOf({ services: 1000, clusters: 1 }, folder))
      .trim()
      .split('\n');
    for (const row of rows) {
      const [what, , ...figures] = row.split(' | ');
      const line = doc.split('\n').find((text) => text.startsWith(`${what} | `));
      expect(line?.endsWith(` | ${figures.join(' | ')}`), row).toBe(true);
    }
  });
});
