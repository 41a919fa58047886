import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { compileAlone, compileInParts } from '../../main.ts';
import { runCli } from '../../src/cli/index.ts';
import { loadInput } from '../../src/input/load.ts';

/** A section of a document: its heading, the files of its example, and the console block that shows them used. */
export interface Section {
  readonly heading: string;
  readonly files: readonly { readonly name: string; readonly text: string }[];
  readonly console: string | undefined;
}

const block = /^```(\S+)(?: (\S+))?\n([\s\S]*?)^```$/gm;

/** The sections of a Markdown text, one for each heading of level 2. Blocks that name a file are its files. */
export function sectionsOf(markdown: string): Section[] {
  return markdown
    .split(/^## /m)
    .slice(1)
    .map((section) => {
      const blocks = [...section.matchAll(block)].map(([, language, name, text = '']) => ({
        language,
        name,
        text,
      }));
      return {
        heading: section.slice(0, section.indexOf('\n')),
        files: blocks.flatMap(({ name, text }) => (name === undefined ? [] : [{ name, text }])),
        console: blocks.find(({ language }) => language === 'console')?.text,
      };
    });
}

/** What a console block should say: each of its commands, run among the section's files, with what it prints. */
export async function runConsole({ files, console = '' }: Section): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'section-'));
  const before = process.cwd();
  try {
    for (const { name, text } of files) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), text);
    }
    process.chdir(folder);
    let shown = '';
    for (const command of console.match(/(?<=^\$ ).*$/gm) ?? []) {
      shown += `$ ${command}\n${(await runCommand(command)).output}`;
    }
    return shown;
  } finally {
    process.chdir(before);
    rmSync(folder, { recursive: true });
  }
}

/** The same text with the console block of one section replaced. */
export function withConsole(markdown: string, heading: string, text: string): string {
  const start = markdown.indexOf(`\n## ${heading}\n`);
  const from = markdown.indexOf('```console\n', start) + '```console\n'.length;
  return markdown.slice(0, from) + text + markdown.slice(markdown.indexOf('```', from));
}

/** What a run of the command line printed: both streams together as a terminal shows them, and each by itself. */
export interface RunResult {
  readonly output: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

/** The command runs in this process, which takes a tenth of the time; everything else is the shell's. */
export async function runCommand(command: string): Promise<RunResult> {
  const [program, ...args] = command.split(' ');
  if (program === 'eso-abac') return runInProcess(args);
  const output = execFileSync('sh', ['-c', command], { encoding: 'utf8' });
  return { output, stdout: output, stderr: '', code: 0 };
}

/** Runs the command line within this process, in its working directory, as if no terminal were there. */
export async function runInProcess(args: readonly string[]): Promise<RunResult> {
  const written = { output: '', stdout: '', stderr: '' };
  const streams = [
    { stream: process.stdout, name: 'stdout', write: process.stdout.write },
    { stream: process.stderr, name: 'stderr', write: process.stderr.write },
  ] as const;
  for (const { stream, name } of streams) {
    stream.write = (text: string | Uint8Array) => {
      written.output += text;
      written[name] += text;
      return true;
    };
  }
  try {
    const code = await runCli(args, {
      read: (file) => loadInput(file),
      compile: compileInParts,
      compileAlone,
    });
    return { ...written, code };
  } finally {
    for (const { stream, write } of streams) stream.write = write;
  }
}
