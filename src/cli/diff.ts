import { existsSync } from 'node:fs';
import path from 'node:path';
import { readFolder } from '../diff/base/folder.ts';
import { BaseError, readRevision } from '../diff/base/git.ts';
import { diffDists } from '../diff/diff.ts';
import type { Source } from '../proof/files/model.ts';
import { type DiffBase, type DiffReport, differs } from '../report/diff.ts';
import { diffJson } from '../report/diff-json.ts';
import { diffMarkdown } from '../report/diff-markdown.ts';
import { diffText } from '../report/diff-text.ts';
import { textReport } from '../report/text.ts';
import {
  compileRead,
  errorWidth,
  exit,
  type FileOptions,
  finish,
  UsageError,
  useColor,
  withFiles,
} from './command.ts';
import { hasErrors, type Pipeline } from './compiled.ts';

/** Flags of `diff`. */
export interface DiffOptions extends Omit<FileOptions, 'format'> {
  readonly format: 'text' | 'json' | 'markdown';
  readonly base?: string;
  readonly baseDist?: string;
  readonly exitCode?: boolean;
}

/** Says what differs between a dist that is committed, or stands in a folder, and what the input yields now. */
export async function diff(pipeline: Pipeline, options: DiffOptions): Promise<number> {
  const asText = { ...options, format: options.format === 'json' ? options.format : ('text' as const) };
  const { base, files: before, others } = readBase(options);
  const input = pipeline.read(options.services);
  const { files, findings, sources } = compileRead(input, asText, (progress) =>
    pipeline.compileAlone(input, progress),
  );
  if (hasErrors(findings))
    return finish({ findings, sources, summary: { command: 'diff' }, done: '' }, asText);
  const compared = diffDists(before, files);
  const links = others.map((file) => `${file} is a link or another repository, and is not read`);
  const report = { base, diff: { ...compared, notes: [...compared.notes, ...links] }, findings };
  if (options.format !== 'json')
    process.stderr.write(textReport(findings, sources, useColor(options, process.stderr), errorWidth()));
  if (options.format !== 'text' || !options.quiet) process.stdout.write(render(report, options));
  return options.exitCode && differs(compared) ? exit.findings : exit.fine;
}

interface Base {
  readonly base: DiffBase;
  readonly files: readonly Source[];
  readonly others: readonly string[];
}

function readBase({ base: revision, baseDist, dist }: DiffOptions): Base {
  if (baseDist === undefined) return ofRevision(dist, revision ?? 'HEAD');
  if (revision !== undefined) throw new UsageError('--base and --base-dist name two bases; give one of them');
  if (!existsSync(baseDist)) throw new UsageError(`${baseDist} is no folder`);
  const content = withFiles(`${baseDist} cannot be read`, () => readFolder(baseDist));
  return { base: { flag: '--base-dist', name: baseDist, isEmpty: content.files.length === 0 }, ...content };
}

function ofRevision(dist: string, revision: string): Base {
  try {
    const { commit, files, others } = readRevision(path.resolve(dist), revision);
    const isEmpty = files === undefined;
    return { base: { flag: '--base', name: revision, commit, isEmpty }, files: files ?? [], others };
  } catch (problem) {
    if (problem instanceof BaseError) throw new UsageError(problem.message);
    throw problem;
  }
}

function render(report: DiffReport, options: DiffOptions): string {
  switch (options.format) {
    case 'json':
      return diffJson(report);
    case 'markdown':
      return diffMarkdown(report);
    case 'text':
      return diffText(report, useColor(options, process.stdout));
  }
}
