import { type Command, InvalidArgumentError, Option } from 'commander';
import { DistError, type DistFile, isStaging } from '../dist/index.ts';
import type { Finding } from '../findings/finding.ts';
import { reason } from '../input/files.ts';
import type { Input } from '../input/load.ts';
import type { Progress } from '../parts/in-parts.ts';
import { type Format, formats, type Report, render } from '../report/index.ts';
import { printable } from '../report/printable.ts';
import { parseShard, type Shard } from '../shards/shard.ts';
import { hasErrors, type Pipeline } from './compiled.ts';
import { packageVersion } from './package-files.ts';
import { progressLine } from './progress.ts';

/** Exit codes: nothing found, something found, wrong usage or a file that cannot be read or written. */
export const exit = { fine: 0, findings: 1, usage: 2 } as const;

/** A problem that is not about the input: it is shown without a stack trace, and the exit code is 2. */
export class UsageError extends Error {}

/** Flags that every command has. */
export interface OutputOptions {
  readonly format: Format;
  readonly quiet?: boolean;
  /** False with `--no-color`. */
  readonly color: boolean;
}

/** Flags of the commands that compile the input. */
export interface FileOptions extends OutputOptions {
  readonly services: string;
  readonly dist: string;
  /** The part that is compiled; without it, everything. */
  readonly shard?: Shard;
}

/** Adds the flags that every command has, for one that writes in these formats. */
export function withOutputOptions(
  command: Command,
  choices: readonly string[] = formats,
  about = 'how findings are written',
): Command {
  return command
    .addOption(new Option('--format <format>', about).choices(choices).default('text'))
    .option('-q, --quiet', 'say nothing but findings')
    .option('--no-color', 'no colours; NO_COLOR in the environment does the same');
}

/** Adds the flag that says what is read. */
export function withInputOption(command: Command): Command {
  return command.option('-f, --services <file>', 'the input', nonEmpty, 'services.yaml');
}

/** Adds the flags that say what is read and where the output is. */
export function withFileOptions(command: Command): Command {
  return withDistOption(withInputOption(command));
}

/** Adds the flag that says where the output is. */
export function withDistOption(command: Command): Command {
  return command.option(
    '-o, --dist <folder>',
    'the folder of generated files',
    nonEmpty,
    process.env.CDK8S_OUTDIR || 'dist',
  );
}

/** Adds the flag that says which part of the fleet is compiled. */
export function withShardOption(command: Command): Command {
  return command.option('--shard <i/n>', 'one of n parts of the services, for one of n jobs', shardOf);
}

function shardOf(value: string): Shard {
  const shard = parseShard(value);
  if (shard === undefined)
    throw new InvalidArgumentError('It is not like 2/7, the second of seven parts (at most 9999).');
  return shard;
}

/** Adds the flags of `diff`. */
export function withDiffOptions(command: Command): Command {
  const flags = withFileOptions(command)
    .option('--base <revision>', 'the git revision to compare with (default: HEAD)', nonEmpty)
    .option('--base-dist <folder>', 'a dist to compare with, in place of a revision', nonEmpty)
    .option('--exit-code', 'exit with 1 when anything differs');
  return withOutputOptions(flags, ['text', 'json', 'markdown'], 'what is printed');
}

/** Adds the flags of `prove`. */
export function withProveOptions(command: Command): Command {
  const tag = (value: string, before: readonly string[] = []) => [...before, nonEmpty(value)];
  const flags = withDistOption(command)
    .option('--policy <file>', 'a permission policy, in place of dist', nonEmpty)
    .option('--trust <file>', 'a trust policy, in place of dist', nonEmpty)
    .option('--tag-key <key>', 'the tag that holds the identity, with --policy or --trust', nonEmpty)
    .option('--tags <key[=value]>', 'a further tag that must match; more than once for several', tag)
    .option('--replay <file>', 'counterexamples to try again', nonEmpty);
  return withOutputOptions(flags, [...formats, 'markdown']);
}

/** Refuses a flag with an empty value. */
export function nonEmpty(value: string): string {
  if (value === '') throw new InvalidArgumentError('It is empty.');
  return value;
}

/** Prints a report and turns it into an exit code. */
export function finish(report: Omit<Report, 'version'>, options: OutputOptions): number {
  const whole = { ...report, done: options.quiet ? '' : report.done, version: packageVersion() };
  const colored = { stdout: useColor(options, process.stdout), stderr: useColor(options, process.stderr) };
  const { stdout, stderr } = render(whole, options.format, colored, errorWidth());
  process.stderr.write(stderr);
  process.stdout.write(stdout);
  return hasErrors(report.findings) ? exit.findings : exit.fine;
}

/** Says in one line why a command cannot do what it is for. */
export function sayError(message: string): void {
  process.stderr.write(`error: ${printable(message)}\n`);
}

/** Whether what goes to a stream is coloured: on a terminal, unless a flag or the environment says no. */
export function useColor(
  { color }: Pick<OutputOptions, 'color'>,
  stream: { readonly isTTY?: boolean },
): boolean {
  return color && !process.env.NO_COLOR && isTerminal(stream);
}

/** How wide the terminal is that standard error goes to; undefined where there is none, or it does not say. */
export function errorWidth(): number | undefined {
  return process.stderr.columns || undefined;
}

/** Whether a stream is a terminal that knows colours and how to wipe a line. */
function isTerminal({ isTTY }: { readonly isTTY?: boolean }): boolean {
  return isTTY === true && process.env.TERM !== 'dumb';
}

/**
 * Runs what touches files.
 *
 * @throws UsageError for an error of the file system: one line about what could not be done, and why
 */
export function withFiles<Result>(doing: string, run: () => Result): Result {
  try {
    return run();
  } catch (problem) {
    if (problem instanceof DistError) throw new UsageError(problem.message);
    if (!(problem instanceof Error) || !('code' in problem)) throw problem;
    throw new UsageError(`${doing}: ${reason(problem)}${placeOf(problem, doing)}`);
  }
}

/** The path that an error of the file system is about, unless the message says it already. */
function placeOf(problem: Error, message: string): string {
  const paths = ['path', 'dest'].flatMap((name) =>
    name in problem ? [String(problem[name as keyof Error])] : [],
  );
  const file = paths.find((one) => !isStaging(one));
  return file === undefined || message.includes(file) ? '' : ` (${file})`;
}

/**
 * Compiles an input that was read, with a progress line where a person looks on.
 *
 * @param compile gets a function to say how far it is
 * @throws UsageError when the file could not be read at all
 */
export function compileRead<Result>(
  { findings }: Input,
  { format, quiet }: OutputOptions,
  compile: (progress: Progress) => Result,
): Result {
  requireReadable(findings);
  const watched = format === 'text' && !quiet && isTerminal(process.stderr);
  const progress = progressLine(watched ? process.stderr : { write: () => undefined });
  try {
    return compile(progress.step);
  } finally {
    progress.end();
  }
}

/** Compiles an input once more, for who has handed its files on and needs them all. */
export function filesAgain(
  { compileAlone }: Pipeline,
  input: Input,
  options: FileOptions,
): () => readonly DistFile[] {
  return () => compileRead(input, options, (progress) => compileAlone(input, progress, options.shard)).files;
}

/**
 * Ends the command when the main file cannot be opened: there is no place in it to report that at.
 *
 * @throws UsageError
 */
export function requireReadable(findings: readonly Finding[]): void {
  const unreadable = findings.find(({ rule, location }) => rule === 'include' && !location);
  if (unreadable === undefined) return;
  throw new UsageError(`${unreadable.message}; -f names another file, "eso-abac init" writes a first one`);
}
