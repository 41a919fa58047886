import { cpSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { compile } from '../../main.ts';
import type { DistFile } from '../../src/dist/index.ts';
import { onChanges } from './changes.ts';
import { servicesYaml } from './command.ts';
import { planDist, writeDist } from './dist.ts';
import { readTree, writeFiles } from './run.ts';

type Tree = Readonly<Record<string, string>>;

/** A dist folder before and after a change of the input in which files are added, replaced and removed. */
export interface States {
  /** A folder with the new services.yaml, and dist as the old one made it. Not to be changed. */
  readonly template: string;
  readonly newFiles: readonly DistFile[];
  readonly before: Tree;
  /** What a run into an empty folder yields. */
  readonly after: Tree;
  /** How many calls of the file system that changes something the run makes. */
  readonly changes: number;
}

/** Makes the states below a folder. */
export function makeStates(folder: string): States {
  const at = (...names: string[]) => path.join(folder, ...names);
  const old = servicesYaml(['edited', 'kept', 'removed']);
  const wanted = `${servicesYaml(['edited', 'kept', 'added']).replace('edited/db', 'edited/other')}  - { name: else, regions: [eu-west-1], secrets: [else/db] }\n`;
  writeFiles(folder, { 'old/services.yaml': old, 'template/services.yaml': wanted });
  const newFiles = compile(at('template/services.yaml')).files;
  writeDist(planDist(at('template/dist'), compile(at('old/services.yaml')).files));
  writeFiles(at('template/dist'), { 'notes/theirs.txt': 'not generated' });
  writeFiles(at('fresh/dist'), { 'notes/theirs.txt': 'not generated' });
  writeDist(planDist(at('fresh/dist'), newFiles));
  cpSync(at('template'), at('counted'), { recursive: true });
  let changes = 0;
  const stop = onChanges(at('counted/dist'), ({ number }) => {
    changes = number;
  });
  try {
    writeDist(planDist(at('counted/dist'), newFiles));
  } finally {
    stop();
  }
  const [before, after] = [readTree(at('template/dist')), readTree(at('fresh/dist'))];
  return { template: at('template'), newFiles, before, after, changes };
}

/** What is wrong with files of which each must be whole, as before or as after: their paths. */
export function brokenFiles({ before, after }: States, now: Tree): string[] {
  const files = [...new Set([before, after, now].flatMap((tree) => Object.keys(tree)))];
  return files.filter((name) => {
    if (name.endsWith('/') || name.startsWith('.eso-abac-staging-')) return false;
    return now[name] !== before[name] && now[name] !== after[name];
  });
}

/** Arguments for node that load `signal-at.ts` before the command. */
export const signalAt: readonly string[] = [
  '--import',
  import.meta.resolve('tsx'),
  '--import',
  fileURLToPath(new URL('signal-at.ts', import.meta.url)),
];
