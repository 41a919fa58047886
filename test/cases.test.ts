import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { withHeader } from '../src/dist/index.ts';
import { type RunResult, runCommand } from './support/documents.ts';
import { inFolder, readTree, stackTrace, writeFiles } from './support/run.ts';

/**
 * Each case is an input with a transcript beside it: commands, what each prints, and a line for an exit code that is
 * not 0. `UPDATE=1` rewrites all but the commands; a case without a transcript gets one for the usual commands.
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

/** What is shown of dist where nothing else was asked for: the manifests of each service. */
const showManifests = 'tail -n +1 dist/clusters/*/services/*';

interface Ran {
  readonly transcript: string;
  readonly runs: readonly RunResult[];
  /** The folder's files by path, as they were before and after. */
  readonly trees: readonly [before: Record<string, string>, after: Record<string, string>];
}

/** Runs a case's commands in a folder that holds its input, a single file as `services.yaml`. */
function run(
  { input, expected }: Case,
  usual: readonly string[],
  files: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  const asked = existsSync(expected) ? readFileSync(expected, 'utf8').match(/(?<=^\$ ).*$/gm) : undefined;
  return inFolder(async (folder) => {
    const isFile = input.endsWith('.yaml');
    cpSync(input, isFile ? path.join(folder, 'services.yaml') : folder, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (source) => source !== expected,
    });
    writeFiles(folder, files);
    const before = readTree(folder);
    const { transcript, runs } = await inWorkingDirectory(folder, () => record(asked ?? usual));
    return { transcript, runs, trees: [before, readTree(folder)] };
  });
}

async function record(commands: readonly string[]): Promise<Omit<Ran, 'trees'>> {
  const runs: RunResult[] = [];
  let transcript = '';
  for (const command of commands) {
    const result = await runCommand(command);
    runs.push(result);
    transcript += `$ ${command}\n${result.output}${result.code === 0 ? '' : `exit code ${result.code}\n`}`;
  }
  return { transcript, runs };
}

async function inWorkingDirectory<Result>(folder: string, use: () => Promise<Result>): Promise<Result> {
  const home = process.cwd();
  process.chdir(folder);
  try {
    return await use();
  } finally {
    process.chdir(home);
  }
}

function compare(expected: string, transcript: string): void {
  if (process.env.UPDATE === '1') writeFileSync(expected, transcript);
  else expect(transcript).toBe(readFileSync(expected, 'utf8'));
}

const named = (cases: readonly Case[]) => cases.map((one) => [path.parse(one.input).name, one] as const);

describe('test/ok: inputs that compile', () => {
  it.each(named(singles('test/ok')))('%s', async (_, one) => {
    const { transcript, runs } = await run(one, ['eso-abac --quiet', showManifests]);
    expect(runs.map(({ code }) => code)).toEqual(runs.map(() => 0));
    compare(one.expected, transcript);
  });
});

describe('test/err: inputs that are refused, with dist left as it was', () => {
  it.each(named(singles('test/err')))('%s', async (_, one) => {
    const { transcript, runs, trees } = await run(one, ['eso-abac'], before);
    expect(runs.map(({ code, stdout }) => ({ code, stdout }))).toEqual([{ code: 1, stdout: '' }]);
    expect(transcript).not.toMatch(stackTrace);
    expect(transcript).toMatch(/^services\.yaml:[1-9][0-9]*:[1-9][0-9]*: error: /m);
    expect(trees[1]).toEqual(trees[0]);
    compare(one.expected, transcript);
  });
});

describe('test/projects: several files', () => {
  it.each(named(projects('test/projects')))('%s', async (_, one) => {
    const { transcript } = await run(one, ['eso-abac --quiet', showManifests]);
    expect(transcript).not.toMatch(stackTrace);
    compare(one.expected, transcript);
  });
});

describe('test/validate: manifests from elsewhere', () => {
  it.each(named(projects('test/validate')))('%s', async (_, one) => {
    const hasCrds = existsSync(path.join(one.input, 'crds'));
    const { transcript } = await run(one, [
      `eso-abac validate manifests.yaml${hasCrds ? ' --crds crds' : ''}`,
    ]);
    expect(transcript).not.toMatch(stackTrace);
    compare(one.expected, transcript);
  });
});
