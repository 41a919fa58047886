import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readdirSync,
  readSync,
  realpathSync,
  statSync,
} from 'node:fs';
import path from 'node:path';
import type { Location } from '../findings/finding.ts';

/** The largest input file that is read: ten times what 10,000 services need. */
export const maxFileBytes = 16 * 1024 * 1024;

/** Why a file was not read; `rule` says which rule it breaks. */
export interface ReadFailure {
  readonly rule: 'input-limit' | 'input-encoding' | 'include';
  readonly message: string;
  readonly allowed: string;
  /** Where in the file, when the file could be opened. */
  readonly location?: Location;
}

/** Reads a UTF-8 text file of at most `maxFileBytes`. A byte order mark is dropped, as YAML allows one. */
export function readText(file: string): { text: string } | { failure: ReadFailure } {
  const read = readOnce(file);
  if ('failure' in read) return read;
  const text = new TextDecoder('utf-8').decode(read.bytes);
  // The decoder puts U+FFFD where bytes are not UTF-8; a text that holds that character itself is no name either.
  const unprintable = /[^\P{Cc}\t\n\r]|\uFFFD/u.exec(text);
  return unprintable ? { failure: notText(file, text, unprintable) } : { text };
}

/**
 * The bytes of a file as they were at one moment. What is looked at is what was opened, whatever takes its place
 * meanwhile, and opening waits for nobody, as it would for who writes to a pipe.
 */
function readOnce(file: string): { bytes: Uint8Array } | { failure: ReadFailure } {
  try {
    // Some devices do something when they are opened.
    if (!statSync(file).isFile()) return { failure: unreadable(file, 'it is not a file') };
    const descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      return readOpened(file, descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch (problem) {
    return { failure: unreadable(file, reason(problem)) };
  }
}

function readOpened(file: string, descriptor: number): { bytes: Uint8Array } | { failure: ReadFailure } {
  const before = fstatSync(descriptor, { bigint: true });
  if (!before.isFile()) return { failure: unreadable(file, 'it is not a file') };
  if (before.size > maxFileBytes) return { failure: tooLarge(file, Number(before.size)) };
  // One more than there should be, to see when there is more.
  const buffer = new Uint8Array(Number(before.size) + 1);
  let length = 0;
  let more: number;
  do {
    more = readSync(descriptor, buffer, length, buffer.length - length, null);
    length += more;
  } while (more !== 0);
  const after = fstatSync(descriptor, { bigint: true });
  const isSame = before.mtimeNs === after.mtimeNs && before.ctimeNs === after.ctimeNs;
  // Of a file that is written in place the first half is often valid, and says that services are gone.
  if (!isSame || BigInt(length) !== before.size)
    return { failure: unreadable(file, 'it was changed while it was read') };
  return { bytes: buffer.subarray(0, length) };
}

function unreadable(file: string, why: string): ReadFailure {
  return { rule: 'include', message: `${file} cannot be read: ${why}`, allowed: 'a readable file' };
}

function tooLarge(file: string, bytes: number): ReadFailure {
  const allowed = `at most ${maxFileBytes} bytes in one file; "include" splits it`;
  const location = placeOf(file, '', 0);
  return { rule: 'input-limit', message: `the file has ${bytes} bytes`, allowed, location };
}

function notText(file: string, text: string, { 0: character, index }: RegExpExecArray): ReadFailure {
  const what = character === '\uFFFD' ? 'bytes that are not UTF-8' : 'a control character';
  const location = placeOf(file, text, index);
  return { rule: 'input-encoding', message: `the file holds ${what}`, allowed: 'UTF-8 text', location };
}

function placeOf(file: string, text: string, offset: number): Location {
  const before = text.slice(0, offset).split('\n');
  const [line, column] = [before.length, (before.at(-1)?.length ?? 0) + 1];
  return { file, start: { line, column }, end: { line, column: column + 1 } };
}

/** Plain words for the error codes of the file system. */
export function reason(problem: unknown): string {
  const code = problem instanceof Error && 'code' in problem ? String(problem.code) : '';
  const words: Readonly<Record<string, string>> = {
    ENOENT: 'it does not exist',
    EACCES: 'permission is denied',
    EPERM: 'the operation is not permitted',
    EISDIR: 'it is a folder',
    ENOTDIR: 'a part of its path is not a folder',
    ENOSPC: 'the disk is full',
    EEXIST: 'there is a file of that name',
    ENOTEMPTY: 'the folder is not empty',
    EROFS: 'the file system is read-only',
    EFBIG: 'it would be larger than the limit on files',
    EDQUOT: 'the disk quota is used up',
    ELOOP: 'its links go round in a circle',
    ENAMETOOLONG: 'its name is too long',
  };
  return words[code] ?? (code || (problem instanceof Error ? problem.message : String(problem)));
}

/** What an include pattern matched, or why it may not be used; and the folders in which it was looked for. */
export type Matches = { readonly folders: readonly string[] } & (
  | { readonly files: readonly string[] }
  | { readonly problem: string }
);

/**
 * The files that a pattern names below a folder, sorted by name. `*` and `?` stand for characters of one name,
 * `**` for any number of folders. Neither the pattern nor a link may lead out of the folder.
 */
export function matchFiles(folder: string, pattern: string): Matches {
  const steps = pattern.split('/').filter((step) => step !== '' && step !== '.');
  if (path.isAbsolute(pattern) || pattern.includes('\\') || steps.includes('..')) {
    return { folders: [], problem: `"${pattern}" leads out of the folder of the main file` };
  }
  const root = realpathSync(folder);
  const files: string[] = [];
  const done = new Map<string, string>();
  const folders = () => [...new Set(done.values())];
  for (const file of walk(folder, steps, new Set([root]), done)) {
    if (!isInside(root, realpathSync(path.join(folder, file)))) {
      return {
        folders: folders(),
        problem: `"${file}" is a link that leads out of the folder of the main file`,
      };
    }
    files.push(file);
  }
  return files.length > 0
    ? { folders: folders(), files: [...new Set(files)].sort() }
    : { folders: folders(), problem: `"${pattern}" matches no file` };
}

/**
 * @param above the folders on the way here, with links resolved: none is entered again below itself
 * @param done the folders by what was looked for there: several `**` lead to the same place in many ways
 */
function* walk(
  folder: string,
  steps: readonly string[],
  above: ReadonlySet<string>,
  done: Map<string, string>,
  prefix = '',
): Generator<string> {
  const [step, ...rest] = steps;
  if (step === undefined || done.has(`${steps.join('/')} ${prefix}`)) return;
  done.set(`${steps.join('/')} ${prefix}`, prefix);
  if (step === '**') yield* walk(folder, rest, above, done, prefix);
  const matches = wildcard(step);
  for (const name of readdirSync(path.join(folder, prefix)).sort()) {
    if (!matches(name) || (name.startsWith('.') && !step.startsWith('.')) || name === 'node_modules')
      continue;
    const found = prefix === '' ? name : `${prefix}/${name}`;
    const stats = statSync(path.join(folder, found), { throwIfNoEntry: false });
    if (stats?.isDirectory()) {
      const real = realpathSync(path.join(folder, found));
      const next = step === '**' ? steps : rest;
      if (!above.has(real)) yield* walk(folder, next, new Set([...above, real]), done, found);
    } else if (stats?.isFile() && rest.length === 0) yield found;
  }
}

/** Whether a name matches a pattern of `*` and `?`, in time at most their product: a regular expression could take for ever. */
function wildcard(pattern: string): (name: string) => boolean {
  return (name) => {
    let [at, place] = [0, 0];
    let star: { at: number; place: number } | undefined;
    while (at < name.length) {
      if (pattern[place] === '*') star = { at, place: place++ };
      else if (pattern[place] === '?' || pattern[place] === name[at]) [at, place] = [at + 1, place + 1];
      else if (star) [at, place] = [++star.at, star.place + 1];
      else return false;
    }
    return /^\**$/.test(pattern.slice(place));
  };
}

function isInside(root: string, file: string): boolean {
  const relative = path.relative(root, file);
  return !relative.startsWith('..') && !path.isAbsolute(relative);
}
