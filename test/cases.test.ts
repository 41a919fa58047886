import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { withHeader } from '../src/dist/index.ts';
import { runInProcess } from './support/documents.ts';
import { inFolder, readTree, stackTrace, writeFiles } from './support/run.ts';

/**
 * Each case is an input with a transcript beside it: the commands, what each prints, a last line for an exit code that
 * is not 0, and at the end the files of dist. `UPDATE=1` rewrites all but the commands; a case without a transcript
 * gets one for `eso-abac` alone.
 */
interface Case {
  readonly input: string;
  readonly expected: string;
}

const singles = (folder: string): Case[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => ({
      input: path.resolve(folder, name),
      expected: path.resolve(folder, name.replace(/\.yaml$/, '.out')),
    }));

const projects = (folder: string): Case[] =>
  readdirSync(folder).map((name) => ({
    input: path.resolve(folder, name),
    expected: path.resolve(folder, name, 'expected.out'),
  }));

/** A dist from before, which a run that succeeds would change and one that fails may not. */
const before = {
  'dist/clusters/old/services/old.yaml': withHeader('kind: Namespace\n', 'services.yaml'),
  'dist/README': 'by hand\n',
};

interface Ran {
  readonly transcript: string;
  readonly codes: readonly number[];
  readonly stdout: string;
  /** The folder's files by path, as they were before and after. */
  readonly trees: readonly [before: Record<string, string>, after: Record<string, string>];
}

/** Runs a case's commands in a folder that holds its input, a single file as `services.yaml`. */
async function run({ input, expected }: Case, files: Readonly<Record<string, string>> = {}): Promise<Ran> {
  const commands = existsSync(expected)
    ? readFileSync(expected, 'utf8').match(/(?<=^\$ eso-abac).*$/gm)
    : [''];
  return inFolder(async (folder) => {
    const isFile = input.endsWith('.yaml');
    cpSync(input, isFile ? path.join(folder, 'services.yaml') : folder, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (source) => source !== expected,
    });
    writeFiles(folder, files);
    const from = readTree(folder);
    const home = process.cwd();
    process.chdir(folder);
    const results = [];
    try {
      for (const command of commands ?? []) {
        results.push({ command, ...(await runInProcess(command.split(' ').filter(Boolean))) });
      }
    } finally {
      process.chdir(home);
    }
    const shown = results.map(
      ({ command, output, code }) =>
        `$ eso-abac${command}\n${output}${code === 0 ? '' : `exit code ${code}\n`}`,
    );
    const codes = results.map(({ code }) => code);
    return {
      transcript: shown.join('') + (codes.includes(0) ? distOf(folder) : ''),
      codes,
      stdout: results.map(({ stdout }) => stdout).join(''),
      trees: [from, readTree(folder)],
    };
  });
}

/** Every file below `dist`, one after the other. */
function distOf(folder: string): string {
  const files = Object.keys(readTree(path.join(folder, 'dist'))).filter((name) => !name.endsWith('/'));
  return files
    .map((name) => `\n==> dist/${name}\n${readFileSync(path.join(folder, 'dist', name), 'utf8')}`)
    .join('');
}

function compare(expected: string, transcript: string): void {
  if (process.env.UPDATE === '1') writeFileSync(expected, transcript);
  else expect(transcript).toBe(readFileSync(expected, 'utf8'));
}

const named = (cases: readonly Case[]) => cases.map((one) => [path.parse(one.input).name, one] as const);

describe('test/ok: inputs that compile', () => {
  it.each(named(singles('test/ok')))('%s', async (_, one) => {
    const { transcript, codes } = await run(one);
    expect(codes).toEqual([0]);
    compare(one.expected, transcript);
  });
});

describe('test/err: inputs that are refused, with dist left as it was', () => {
  it.each(named(singles('test/err')))('%s', async (_, one) => {
    const { transcript, codes, stdout, trees } = await run(one, before);
    expect(codes).toEqual([1]);
    expect(stdout).toBe('');
    expect(transcript).not.toMatch(stackTrace);
    expect(transcript).toMatch(/^services\.yaml:[1-9][0-9]*:[1-9][0-9]*: error: /m);
    expect(trees[1]).toEqual(trees[0]);
    compare(one.expected, transcript);
  });
});

describe('test/projects: several files', () => {
  it.each(named(projects('test/projects')))('%s', async (_, one) => {
    const { transcript } = await run(one);
    expect(transcript).not.toMatch(stackTrace);
    compare(one.expected, transcript);
  });
});
