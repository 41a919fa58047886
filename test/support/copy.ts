import { cpSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Ended, inFolder, runProgram } from './run.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Where a copy keeps its bundle. */
export const kept = 'node_modules/.cache/eso-abac';

/** Calls `use` with a copy of this repository that keeps a bundle of its own, and has links to our packages. */
export function inCopy(use: (copy: string) => Promise<void>): Promise<void> {
  return inFolder(async (copy) => {
    for (const name of [
      'main.ts',
      'src',
      'imports',
      'scripts',
      'package.json',
      'tsconfig.json',
      'services.yaml',
    ])
      cpSync(path.join(root, name), path.join(copy, name), { recursive: true });
    mkdirSync(path.join(copy, 'node_modules'));
    for (const name of readdirSync(path.join(root, 'node_modules')).filter((name) => name !== '.cache'))
      symlinkSync(path.join(root, 'node_modules', name), path.join(copy, 'node_modules', name));
    await use(copy);
  });
}

/** Runs eso-abac as it stands in a copy. */
export function attempt(copy: string, ...args: string[]): Promise<Ended> {
  return runProgram(process.execPath, ['scripts/start/run.cjs', ...args], { cwd: copy });
}
