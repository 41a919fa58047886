import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { inFolder, runProgram, startProgram, unbundledArguments } from '../support/run.ts';
import { type Watching, watching } from '../support/watching.ts';

const root = new URL('../../', import.meta.url).href;
const callsModule = fileURLToPath(new URL('calls.cjs', import.meta.url));

/** How often things were done in a run. No number depends on how fast the machine is or how busy. */
export interface Counts {
  /** By `<file> <function>`; the file of a package is without `node_modules/`, and a name that a file has twice is one. */
  readonly calls: ReadonlyMap<string, number>;
  /** The same for each block of code, which is a function, a branch or the body of a loop: how often it was run. */
  readonly blocks: ReadonlyMap<string, number>;
}

/**
 * Runs the command in a folder and counts, with the coverage that V8 takes, how often each function was called. Nothing
 * in the code knows of it. The calls of Node.js, which have no coverage, are counted by {@link callsModule}.
 */
export function countRun(args: readonly string[], cwd: string): Promise<Counts> {
  return inFolder(async (folder) => {
    const CALLS = path.join(folder, 'calls.json');
    const coverage = path.join(folder, 'coverage');
    const env = { CALLS, NODE_V8_COVERAGE: coverage };
    const node = ['--require', callsModule, ...unbundledArguments];
    const ended = await runProgram(process.execPath, [...node, ...args], { cwd, env });
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    const { calls, blocks } = readCoverage(coverage);
    const ofNode: Record<string, number> = JSON.parse(readFileSync(CALLS, 'utf8'));
    return { calls: new Map([...calls, ...Object.entries(ofNode)]), blocks };
  });
}

/** The same of a watch, its threads included, but for the calls of Node.js. */
export function countWatch(
  files: Readonly<Record<string, string>>,
  use: (command: Watching) => Promise<void>,
): Promise<Counts> {
  return inFolder(async (coverage) => {
    await watching(files, use, [], (args, { cwd }) =>
      startProgram(process.execPath, [...unbundledArguments, ...args], {
        cwd,
        env: { NODE_V8_COVERAGE: coverage },
      }),
    );
    return readCoverage(coverage);
  });
}

/** What V8 writes: `ranges` are blocks in the text of a script, the first of which is the whole function. */
interface Coverage {
  readonly result: readonly {
    readonly url: string;
    readonly functions: readonly {
      readonly functionName: string;
      readonly ranges: readonly {
        readonly startOffset: number;
        readonly endOffset: number;
        readonly count: number;
      }[];
    }[];
  }[];
}

function readCoverage(folder: string) {
  const calls = new Map<string, number>();
  const blocks = new Map<string, number>();
  const add = (map: Map<string, number>, key: string, count: number) =>
    map.set(key, (map.get(key) ?? 0) + count);
  const scripts = readdirSync(folder).flatMap(
    (name) => (JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as Coverage).result,
  );
  for (const { url, functions } of scripts.filter((script) => script.url.startsWith(root))) {
    const file = url.slice(root.length).replace(/^.*node_modules\//, '');
    for (const { functionName, ranges } of functions) {
      const name = `${file} ${functionName}`;
      add(calls, name, ranges[0]?.count ?? 0);
      for (const { startOffset, endOffset, count } of ranges)
        add(blocks, `${name} (${startOffset} to ${endOffset})`, count);
    }
  }
  return { calls, blocks };
}
