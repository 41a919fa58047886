import { type Dirent, lstatSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Finding } from '../findings/finding.ts';
import { originOf, ownFolders, shardRecordFile } from './origin.ts';

/** A text that is to stand in the folder; `path` is relative to it, with `/`. */
export interface DistFile {
  readonly path: string;
  readonly text: string;
}

/** What there is to do beside writing, to make a folder what the input says. Paths are relative to the folder and sorted. */
export interface DistPlan {
  readonly folder: string;
  /** Files of ours that the input no longer yields. */
  readonly removals: readonly string[];
  readonly unchanged: number;
  /** The folders that were seen, with what changes when a file comes, goes or is replaced there. */
  readonly folders: ReadonlyMap<string, string>;
  /** What stands in the way: files under our folders that we did not write. The plan must not be carried out. */
  readonly obstacles: readonly Finding[];
}

/** A text that is new or differs, and what stands in its place; undefined if nothing does. */
export type Write = DistFile & { readonly before: string | undefined };

/** A write without what is to be written. */
export type Change = Pick<Write, 'path' | 'before'>;

/** In the order in which people are told of them. */
function byPath<Item extends { readonly path: string }>(items: readonly Item[]): Item[] {
  return [...items].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Compares a folder with files that come part by part. Reads only. */
export class DistPlanner {
  /** What stands in the way so far. */
  readonly obstacles: Finding[];
  private readonly present: Present;
  private unchanged = 0;
  private readonly folder: string;
  private readonly isLookedAt: (file: string) => boolean;

  /**
   * @param folder the dist folder; it need not exist
   * @param isLookedAt whether a file that is there counts; by default each under our folders does
   * @throws an error of the file system, when something in the folder cannot be read
   */
  constructor(folder: string, isLookedAt: (file: string) => boolean = () => true) {
    this.folder = folder;
    this.isLookedAt = isLookedAt;
    this.present = presentFiles(folder);
    const others = this.present.others.filter(isLookedAt).map((other) => foreign(folder, other));
    this.obstacles = [...linkFindings(folder), ...others];
  }

  /**
   * Takes more of the files that should stand there, each path once.
   *
   * @returns those of them that are to be written, in the same order
   * @throws as the constructor
   */
  add(files: readonly DistFile[]): Write[] {
    const writes: Write[] = [];
    for (const file of files) {
      const { path: name, text } = file;
      const before = this.present.files.delete(name) ? textOf(this.folder, name) : undefined;
      if (before === text) this.unchanged += 1;
      else if (this.isForeign(name, before)) this.obstacles.push(foreign(this.folder, name));
      else writes.push({ path: name, text, before });
    }
    return writes;
  }

  /**
   * What is left to be done when all files have come.
   *
   * @throws as the constructor
   */
  end(): DistPlan {
    const { folder, present, obstacles } = this;
    const removals: string[] = [];
    for (const surplus of present.files) {
      if (!this.isLookedAt(surplus)) continue;
      const text = textOf(folder, surplus);
      if (text === undefined) continue;
      if (originOf(surplus, text) !== 'foreign') removals.push(surplus);
      else obstacles.push(foreign(folder, surplus));
    }
    const { folders } = present;
    return { folder, removals: removals.sort(), unchanged: this.unchanged, folders, obstacles };
  }

  private isForeign(file: string, before: string | undefined): boolean {
    return before === undefined ? this.present.folders.has(file) : originOf(file, before) === 'foreign';
  }
}

function foreign(folder: string, file: string): Finding {
  return {
    rule: 'dist-foreign',
    severity: 'error',
    message: `${path.posix.join(folder, file)} was not written by eso-abac`,
    allowed: `only generated files under ${ownFolders.map((own) => path.posix.join(folder, own)).join(', ')}; move it elsewhere`,
  };
}

/** A link to a folder may come with somebody's change, and what it leads to is theirs to choose. */
function linkFindings(folder: string): Finding[] {
  if (!lstatSync(path.resolve(folder), { throwIfNoEntry: false })?.isSymbolicLink()) return [];
  const allowed = 'a folder; -o may name the one that the link leads to';
  return [{ rule: 'dist-foreign', severity: 'error', message: `${folder} is a link`, allowed }];
}

/** The text of a file, undefined if it went away meanwhile. */
function textOf(folder: string, file: string): string | undefined {
  try {
    return readFileSync(path.join(folder, file), 'utf8');
  } catch (problem) {
    if (problem instanceof Error && 'code' in problem && problem.code === 'ENOENT') return undefined;
    throw problem;
  }
}

/** What is under our folders, by its path in the folder above them. */
interface Present {
  readonly files: Set<string>;
  /** What is neither a file nor a folder, or stands in the place of a folder. */
  readonly others: string[];
  /** Folders, each with what tells that its entries are still the same. */
  readonly folders: Map<string, string>;
}

/**
 * Everything under our folders. A link is never followed: it could lead a write or a removal out of dist.
 *
 * @throws an error of the file system, when a folder cannot be read
 */
export function presentFiles(folder: string): Present {
  const present: Present = { files: new Set(), others: [], folders: new Map() };
  for (const own of ownFolders) {
    const stats = lstatSync(path.join(folder, own), { throwIfNoEntry: false });
    if (stats?.isDirectory()) listFolder(folder, own, present);
    else if (stats !== undefined) present.others.push(own);
  }
  const record = lstatSync(path.join(folder, shardRecordFile), { throwIfNoEntry: false });
  if (record?.isFile()) present.files.add(shardRecordFile);
  else if (record !== undefined) present.others.push(shardRecordFile);
  return present;
}

function listFolder(folder: string, relative: string, present: Present): void {
  const full = path.join(folder, relative);
  const { ino, mtimeNs, ctimeNs } = lstatSync(full, { bigint: true });
  // Before its entries are read: what changes between is seen later on.
  present.folders.set(relative, `${ino} ${mtimeNs} ${ctimeNs}`);
  const entries: Dirent[] = readdirSync(full, { withFileTypes: true });
  for (const entry of entries) {
    const name = `${relative}/${entry.name}`;
    // A name that is no UTF-8 comes with this sign in it, and leads to nothing: the file would pass for one that went away.
    if (entry.name.includes('\ufffd')) present.others.push(name);
    else if (entry.isDirectory()) listFolder(folder, name, present);
    else if (entry.isFile()) present.files.add(name);
    else present.others.push(name);
  }
}

/**
 * Says of each file how it differs from what the input yields, for a check that changes nothing.
 *
 * @param changes what would be written, in any order
 */
export function planFindings(plan: DistPlan, changes: readonly Change[]): Finding[] {
  const at = (file: string) => path.posix.join(plan.folder, file);
  const finding = (rule: Finding['rule'], message: string, allowed: string): Finding => ({
    rule,
    severity: 'error',
    message,
    allowed,
  });
  const regenerated = 'what the input yields; run eso-abac';
  const writes = byPath(changes).map(({ path: file, before }) => {
    if (before === undefined) return finding('dist-missing', `${at(file)} is missing`, regenerated);
    if (originOf(file, before) === 'edited')
      return finding('dist-edited', `${at(file)} was changed by hand`, 'a change of the input; run eso-abac');
    return finding('dist-stale', `${at(file)} is not what the input yields now`, regenerated);
  });
  const removals = plan.removals.map((file) =>
    finding(
      'dist-surplus',
      `${at(file)} is not in the input any more`,
      'only what the input yields; run eso-abac',
    ),
  );
  return [...plan.obstacles, ...writes, ...removals];
}
