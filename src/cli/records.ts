import path from 'node:path';
import { presentDigest } from '../dist/index.ts';
import { inputDigest } from '../shards/record.ts';
import type { FileOptions } from './command.ts';
import type { SaidReport } from './compiled.ts';

/**
 * What runs of one and the same program keep for later ones. Whoever keeps them sees to it that a record is read as it was
 * written, under its name and by the same program, or not at all.
 */
export interface Records {
  readonly read: (name: string) => string | undefined;
  readonly write: (name: string, content: string) => void;
}

/** What was found up to date. */
interface UpToDate {
  /** Digests of all that the input consists of, and of all that stood in dist. */
  readonly input: string;
  readonly dist: string;
  /** What `check` said of it. */
  readonly report: SaidReport;
}

/**
 * What `check` has said of a dist, if each byte of it and of the input is as it was then, and nothing came or went.
 *
 * @param sources the text of each file of the input
 */
export function recall(
  records: Records | undefined,
  sources: ReadonlyMap<string, string>,
  options: FileOptions,
): SaidReport | undefined {
  const content = options.shard === undefined ? records?.read(nameOf(options)) : undefined;
  if (content === undefined) return undefined;
  const { input, dist, report } = JSON.parse(content) as UpToDate;
  const isSame = input === inputDigest(options.services, sources) && dist === presentDigest(options.dist);
  return isSame ? report : undefined;
}

/**
 * Keeps what `check` says of a dist that is what the input yields. Of shards nothing is kept: they are for CI, which begins
 * anew each time.
 *
 * @param dist the digest of everything that stands in dist
 */
export function keep(
  records: Records | undefined,
  sources: ReadonlyMap<string, string>,
  dist: string,
  options: FileOptions,
  report: SaidReport,
): void {
  if (records === undefined || options.shard !== undefined) return;
  const upToDate: UpToDate = { input: inputDigest(options.services, sources), dist, report };
  records.write(nameOf(options), JSON.stringify(upToDate));
}

/** Findings name files as the flags do. */
function nameOf({ services, dist }: FileOptions): string {
  return JSON.stringify([path.resolve(), services, dist]);
}
