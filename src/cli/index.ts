import { setFlagsFromString } from 'node:v8';
import { Argument, Command, CommanderError, Help, Option } from 'commander';
import { nearest } from '../findings/nearest.ts';
import { printable } from '../report/printable.ts';
import { check } from './check.ts';
import {
  exit,
  type FileOptions,
  nonEmpty,
  sayError,
  UsageError,
  withDiffOptions,
  withDistOption,
  withFileOptions,
  withInputOption,
  withOutputOptions,
  withProveOptions,
  withShardOption,
} from './command.ts';
import type { Pipeline } from './compiled.ts';
import type { DiffOptions } from './diff.ts';
import type { ExplainOptions } from './explain.ts';
import {
  awsHelp,
  checkHelp,
  completionHelp,
  diffHelp,
  exitCodes,
  explainHelp,
  flowing,
  initHelp,
  mergeHelp,
  proveHelp,
  reportHelp,
  schemaHelp,
  synthHelp,
  tagCommandsHelp,
  validateHelp,
} from './help.ts';
import type { InitOptions } from './init.ts';
import type { MergeOptions } from './merge.ts';
import { packageVersion } from './package-files.ts';
import type { ProveOptions } from './prove.ts';
import type { ReportOptions } from './report.ts';
import type { SchemaOptions } from './schema.ts';
import { schemaNames } from './schema-names.ts';
import { type Shell, shells } from './shells.ts';
import { type SynthOptions, synth } from './synth.ts';
import type { TagCommandsOptions } from './tag-commands.ts';
import type { ValidateOptions } from './validate.ts';

/**
 * Runs the command line.
 *
 * @param args the arguments behind the program's name
 * @param pipeline what it works with
 * @returns the exit code: 0 fine, 1 findings, 2 wrong usage or a file that cannot be read or written
 */
export async function runCli(args: readonly string[], pipeline: Pipeline): Promise<number> {
  keepPatternsLinear();
  optimiseLess();
  let code: number = exit.fine;
  const program = describeProgram(pipeline, (result) => {
    code = result;
  });
  try {
    // Commander's own "help" ends with the exit code that the process has until it is known.
    const asked = args[0] === 'help' ? [...args.slice(1), '--help'] : args;
    rejectUnknownCommand(program, asked[0]);
    await program.parseAsync(asked, { from: 'user' });
    return code;
  } catch (problem) {
    if (problem instanceof CommanderError) return problem.exitCode === 0 ? exit.fine : exit.usage;
    sayError(problem instanceof UsageError ? problem.message : faultOf(problem));
    return exit.usage;
  }
}

/**
 * The expressions of admission policies and CRDs hold patterns of whoever wrote them, meant for an engine that is linear
 * in time. Node's own is not; but one that it has beside takes over most of them when the first goes back too often.
 */
function keepPatternsLinear(): void {
  setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks');
}

/** Compiling functions into each other takes V8 more than a run of seconds gets back. docs/decisions.md has figures. */
function optimiseLess(): void {
  setFlagsFromString('--no-turbo-inlining');
}

/** What must not happen, in one line with the place in the program: whoever reports it needs no more. */
function faultOf(problem: unknown): string {
  const { message, stack = '' } = problem instanceof Error ? problem : new Error(String(problem));
  const frame = stack.split('\n').find((line) => line.startsWith('    at ')) ?? '';
  const place = frame.slice(frame.lastIndexOf('/') + 1).replace(')', '');
  return `this is a fault of eso-abac, please report it: ${message} (${place})`;
}

/** Commander would hand a misspelt command to the default command, as an argument too many. */
function rejectUnknownCommand(program: Command, name: string | undefined): void {
  const known = program.commands.map((command) => command.name());
  if (name === undefined || name.startsWith('-') || known.includes(name)) return;
  const near = nearest(name, known);
  throw new UsageError(
    `there is no command "${name}"${near ? `; did you mean "${near}"?` : ''} (${known.join(', ')})`,
  );
}

/** Wraps each line but those that are indented: they are to be copied. */
function wrap(this: Help, text: string, width: number): string {
  const lines = text.split('\n');
  return lines
    .map((line) => (line.startsWith('  ') ? line : Help.prototype.boxWrap.call(this, line, width)))
    .join('\n');
}

/** Describes a command of the program: its name, a line, and its help. */
type Describe = (name: string, summary: string, description: string, isDefault?: boolean) => Command;
type Done = (code: number) => void;

/** What only one command needs is loaded by that command: most runs are of the two that need nothing of it. */
function describeProgram(pipeline: Pipeline, done: Done): Command {
  const program = new Command('eso-abac')
    .description(
      'Compiles services.yaml into manifests for External Secrets Operator, one identity for each service.',
    )
    .version(packageVersion(), '-v, --version', 'print the version')
    .helpOption('-h, --help', 'show this help')
    .exitOverride()
    // It quotes what it was given.
    .configureOutput({
      outputError: (text, write) => write(`${text.trimEnd().split('\n').map(printable).join('\n')}\n`),
    })
    .configureHelp({ boxWrap: wrap })
    .addHelpText('after', exitCodes);
  const describe: Describe = (name, summary, description, isDefault = false) =>
    program
      .command(name, { isDefault })
      .summary(summary)
      .description(flowing(description))
      .helpOption('-h, --help', 'show this help');
  describeCompiling(describe, pipeline, done);
  describeAsking(describe, done);
  describeStarting(describe, program, done);
  return program;
}

/** The commands that compile the input, and the one that puts together what they have written. */
function describeCompiling(describe: Describe, pipeline: Pipeline, done: Done): void {
  const synthCommand = describe('synth', 'write dist (the default command)', synthHelp, true);
  withOutputOptions(withShardOption(withFileOptions(synthCommand)))
    .option('-w, --watch', 'do so again whenever the input changes')
    .action(async (options: SynthOptions) =>
      done(await (options.watch ? (await import('./watch.ts')).watchInput : synth)(pipeline, options)),
    );
  const checkCommand = describe('check', 'say whether dist is up to date, for CI', checkHelp);
  withOutputOptions(withShardOption(withFileOptions(checkCommand))).action(async (options: FileOptions) =>
    done(await check(pipeline, options)),
  );
  withOutputOptions(withDistOption(describe('merge', 'put together what shards have written', mergeHelp)))
    .argument('<folder...>', 'the folders of all shards')
    .action(async (folders: string[], options: MergeOptions) =>
      done(await (await import('./merge.ts')).merge(folders, options)),
    );
  withDiffOptions(describe('diff', 'say what a change of the input grants and changes', diffHelp)).action(
    async (options: DiffOptions) => done(await (await import('./diff.ts')).diff(pipeline, options)),
  );
}

/** The commands that read dist, or manifests. */
function describeAsking(describe: Describe, done: Done): void {
  withProveOptions(describe('prove', 'prove who can read which secret', proveHelp)).action(
    async (options: ProveOptions) => done((await import('./prove.ts')).prove(options)),
  );
  withDistOption(describe('report', 'print who can read which secret, as a page', reportHelp))
    .addOption(
      new Option('--format <format>', 'what is printed')
        .choices(['html', 'markdown', 'json', 'csv'])
        .default('html'),
    )
    .action(async (options: ReportOptions) => done((await import('./report.ts')).report(options)));
  withDistOption(describe('explain', 'say why a service may or may not read a secret', explainHelp))
    .argument('[service]', 'a service')
    .argument('[secret]', 'a secret, by its name or ARN')
    .option('--secret <name>', 'a secret: who may read it', nonEmpty)
    .option('--cluster <name>', 'one cluster alone', nonEmpty)
    .option('-f, --services <file>', 'the input (default: services.yaml, if it is there)', nonEmpty)
    .addOption(new Option('--format <format>', 'what is printed').choices(['text', 'json']).default('text'))
    .option('--no-color', 'no colours; NO_COLOR in the environment does the same')
    .action(async (service: string | undefined, secret: string | undefined, options: ExplainOptions) =>
      done((await import('./explain.ts')).explain(service, secret, options)),
    );
  withOutputOptions(describe('validate', 'validate manifests from anywhere', validateHelp))
    .argument('<path...>', 'files, folders or "-"')
    .option('--crds <folder>', 'CRD files to validate with, in place of ours', nonEmpty)
    .action(async (paths: string[], options: ValidateOptions) =>
      done((await import('./validate.ts')).validate(paths, options)),
    );
}

/** The commands that help to start, and to work with others. */
function describeStarting(describe: Describe, program: Command, done: Done): void {
  withOutputOptions(
    withInputOption(
      describe('aws', 'print what is left to do in AWS', awsHelp)
        .helpCommand(false)
        .command('tag-commands')
        .summary('print the commands that tag existing secrets')
        .description(tagCommandsHelp)
        .helpOption('-h, --help', 'show this help'),
    ),
  ).action(async (options: TagCommandsOptions) =>
    done((await import('./tag-commands.ts')).printTagCommands(options)),
  );
  describe('schema', 'print a JSON Schema: of services.yaml or of an output', schemaHelp)
    .addOption(new Option('--of <what>', 'of what (default: services)').choices(schemaNames))
    .option('--include', 'of the files which "include" names, as --of include')
    .action(async (options: SchemaOptions) => done((await import('./schema.ts')).schema(options)));
  withOutputOptions(describe('init', 'start in an empty or existing repository', initHelp))
    .argument('[folder]', 'where to start', '.')
    .action(async (folder: string, options: InitOptions) =>
      done((await import('./init.ts')).init(folder, options)),
    );
  describe('completion', 'print what completes commands and flags in a shell', completionHelp)
    .addArgument(new Argument('<shell>', 'which shell').choices(shells))
    .action(async (shell: Shell) =>
      done((await import('./completion.ts')).completion(program, 'synth', shell)),
    );
}
