import { type ChildProcess, spawn } from 'node:child_process';
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The arguments of node that start the command from its sources, in whatever folder. */
export const mainArguments: readonly string[] = [path.join(root, 'scripts/start/run.cjs')];

/** The same with each source file, and each of a package, by itself. */
export const unbundledArguments: readonly string[] = [
  '--import',
  import.meta.resolve('tsx'),
  path.join(root, 'main.ts'),
];

/** What a process left behind. `code` is null when a signal ended it. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** Arguments for node itself, before the program. */
  readonly node?: readonly string[];
}

/** Runs the command as a user does, as a process of its own without a terminal. */
export function runMain(args: readonly string[], options: RunOptions): Promise<Ended> {
  return ended(startMain(args, options), options.input);
}

/** Starts the command and does not wait for it. */
export function startMain(args: readonly string[], { cwd, env = {}, node = [] }: RunOptions): ChildProcess {
  return startProgram(process.execPath, [...node, ...mainArguments, ...args], { cwd, env });
}

/** Runs a program, and waits for it. */
export function runProgram(program: string, args: readonly string[], options: RunOptions): Promise<Ended> {
  return ended(startProgram(program, args, options), options.input);
}

/** Starts a program and does not wait for it. */
export function startProgram(
  program: string,
  args: readonly string[],
  { cwd, env = {} }: RunOptions,
): ChildProcess {
  return spawn(program, args, { cwd, env: cleanEnv(env) });
}

/** Nothing of the environment that the tests run in may change what is printed. */
function cleanEnv(env: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const { NO_COLOR: _, FORCE_COLOR: __, CDK8S_OUTDIR: ___, NODE_OPTIONS: ____, ...rest } = process.env;
  return { ...rest, ...env };
}

/** Waits until a process has ended and all its output has come. */
export function ended(child: ChildProcess, input = ''): Promise<Ended> {
  let [stdout, stderr] = ['', ''];
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  // A program that does not read its input closes it, which is no failure of the test.
  child.stdin?.on('error', () => undefined).end(input);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}

/** Calls `use` with a folder as the working directory. */
export async function within<Result>(folder: string, use: () => Promise<Result> | Result): Promise<Result> {
  const before = process.cwd();
  process.chdir(folder);
  try {
    return await use();
  } finally {
    process.chdir(before);
  }
}

/** Calls `use` with a new folder, and removes that afterwards. */
export async function inFolder<Result>(use: (folder: string) => Promise<Result> | Result): Promise<Result> {
  const folder = mkdtempSync(path.join(tmpdir(), 'eso-abac-test-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Writes files below a folder; paths with `/`. */
export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
}

/** The content of every file below a folder, by path with `/`; folders end in `/`. A folder need not exist. */
export function readTree(folder: string, below = ''): Record<string, string> {
  const full = path.join(folder, below);
  if (lstatSync(full, { throwIfNoEntry: false }) === undefined) return {};
  const tree: Record<string, string> = {};
  for (const entry of readdirSync(full, { withFileTypes: true })) {
    const name = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) Object.assign(tree, { [`${name}/`]: '' }, readTree(folder, name));
    else tree[name] = entry.isFile() ? readFileSync(path.join(folder, name), 'latin1') : 'not a file';
  }
  return tree;
}

/** What a crash of Node looks like; a user must never see it. */
export const stackTrace: RegExp = /^\s+at .+:\d+:\d+|node:internal|Node\.js v\d+/m;
