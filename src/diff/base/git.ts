import { execFileSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Source } from '../../proof/files/model.ts';

/** Why a revision cannot be read. The message says what to do about it. */
export class BaseError extends Error {}

/** What stands in a folder at a revision. */
export interface Revision {
  /** The commit's id. */
  readonly commit: string;
  /** Regular files below the folder, with paths relative to it; undefined when the folder is not in that revision. */
  readonly files: readonly Source[] | undefined;
  /** Paths of links and of other repositories, which are not read. */
  readonly others: readonly string[];
}

/** Runs git with arguments, without a shell. */
type Git = (args: readonly string[], input?: string) => Buffer;

/**
 * Reads a folder of a git repository at a revision through plumbing: neither the work tree nor the index is looked at
 * or touched. The folder need not exist in the work tree.
 *
 * @throws BaseError when there is no git, no repository, or no such revision
 */
export function readRevision(folder: string, revision: string): Revision {
  const { place, below } = nearestFolder(path.resolve(folder));
  const git: Git = (args, input = '') =>
    execFileSync('git', args, { cwd: place, input, maxBuffer: Number.POSITIVE_INFINITY, stdio: 'pipe' });
  const prefix = prefixOf(git, place);
  const commit = commitOf(git, revision);
  const inside = [...prefix.split('/'), ...below].filter((part) => part !== '').join('/');
  const tree = idOf(git, `${commit}:${inside}`);
  if (tree === undefined || textOf(git(['cat-file', '-t', tree])) !== 'tree')
    return { commit, files: undefined, others: [] };
  return { commit, ...readTree(git, tree) };
}

/** The nearest folder that exists, and the names below it that do not. */
function nearestFolder(folder: string): { place: string; below: string[] } {
  let [place, below]: [string, string[]] = [folder, []];
  const isFolder = (name: string) => existsSync(name) && statSync(name).isDirectory();
  while (!isFolder(place)) [place, below] = [path.dirname(place), [path.basename(place), ...below]];
  return { place, below };
}

function prefixOf(git: Git, place: string): string {
  try {
    return textOf(git(['rev-parse', '--show-prefix']));
  } catch (problem) {
    if (isMissingProgram(problem))
      throw new BaseError('git is not installed; --base-dist compares with a folder instead');
    throw new BaseError(
      `${place} cannot be read through git: ${gitMessage(problem)}; --base-dist compares with a folder instead`,
    );
  }
}

function commitOf(git: Git, revision: string): string {
  // git would take it for an option, and says so in a way that helps nobody.
  const commit = revision.startsWith('-') ? undefined : idOf(git, `${revision}^{commit}`);
  if (commit !== undefined) return commit;
  if (revision === 'HEAD')
    throw new BaseError('there is no commit yet to compare with; --base names another revision');
  const isShallow = textOf(git(['rev-parse', '--is-shallow-repository'])) === 'true';
  const missing = isShallow
    ? `this clone is shallow and does not hold revision "${revision}": run "git fetch --unshallow", or in a GitHub workflow give actions/checkout "fetch-depth: 0"`
    : `there is no revision "${revision}"; a branch of a remote has to be fetched first: git fetch <remote> <branch>`;
  throw new BaseError(missing);
}

/** The id that an expression stands for, or undefined when it stands for nothing here. */
function idOf(git: Git, expression: string): string | undefined {
  try {
    return textOf(git(['rev-parse', '--verify', '--quiet', '--end-of-options', expression]));
  } catch {
    return undefined;
  }
}

function readTree(git: Git, tree: string): Pick<Revision, 'files' | 'others'> {
  const entries = git(['ls-tree', '-r', '-z', '--full-tree', tree])
    .toString()
    .split('\0')
    .flatMap((line) => {
      const [mode = '', , id = ''] = line.slice(0, line.indexOf('\t')).split(' ');
      return line === ''
        ? []
        : [{ isFile: mode.startsWith('100'), id, path: line.slice(line.indexOf('\t') + 1) }];
    });
  const files = entries.filter(({ isFile }) => isFile);
  const texts = contentsOf(
    git,
    files.map(({ id }) => id),
  );
  return {
    files: files.map(({ path: file }, index) => ({ path: file, text: texts[index] ?? '' })),
    others: entries.filter(({ isFile }) => !isFile).map(({ path: file }) => file),
  };
}

/** The texts of blobs, by one process for all of them. Its answer to each id is a line with the size, then the bytes. */
function contentsOf(git: Git, ids: readonly string[]): string[] {
  if (ids.length === 0) return [];
  const output = git(['cat-file', '--batch'], ids.map((id) => `${id}\n`).join(''));
  let position = 0;
  return ids.map((id) => {
    const end = output.indexOf('\n', position);
    const [, type, size] = output.subarray(position, end).toString().split(' ');
    if (type !== 'blob') throw new BaseError(`git does not hold the content of ${id}; run "git fsck"`);
    const start = end + 1;
    position = start + Number(size) + 1;
    return output.subarray(start, position - 1).toString();
  });
}

function textOf(output: Buffer): string {
  return output.toString().replace(/\n$/, '');
}

function isMissingProgram(problem: unknown): boolean {
  return problem instanceof Error && 'code' in problem && problem.code === 'ENOENT';
}

/** What git said, in one line. */
function gitMessage(problem: unknown): string {
  const said = problem instanceof Error && 'stderr' in problem ? String(problem.stderr) : String(problem);
  return (said.split('\n').find((line) => line !== '') ?? '').replace(/^fatal: /, '');
}
