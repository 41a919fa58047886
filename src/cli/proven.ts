import path from 'node:path';
import type { DistFile } from '../dist/index.ts';
import type { Finding } from '../findings/finding.ts';
import { type Proof, type ProofCounts, proveDist } from '../proof/prove/prove.ts';
import { counted } from '../report/counted.ts';
import { proofNumbers } from '../report/proof.ts';
import type { Row } from '../report/summary.ts';
import type { Sources } from '../report/text.ts';
import type { Shard } from '../shards/shard.ts';
import { ThreadError } from '../threads/worker.ts';
import { UsageError } from './command.ts';
import type { Compiled, HandedOn } from './compiled.ts';

/** The proof of files that are to stand in a folder. */
export interface Proven {
  readonly findings: readonly Finding[];
  /** The texts that the findings are about, by their path in the folder. */
  readonly sources: Sources;
  readonly counts: ProofCounts;
}

/** Proves files before they are written. That a cluster has no guard is said of the input already. */
export function proveFiles(files: readonly DistFile[], folder: string): Proven {
  return inPlace(proveDist(files), files, folder);
}

/**
 * The proof of files that were handed on while they were made.
 *
 * @param again makes them once more: where there are errors, only the texts show where
 * @throws UsageError when a thread has died
 */
export async function proofOf(
  { proof: proving }: HandedOn,
  again: () => readonly DistFile[],
  folder: string,
): Promise<Proven> {
  const proof = await proving?.catch(notProven);
  return proof === undefined ? proveFiles(again(), folder) : inPlace(proof, [], folder);
}

/** @param files those that findings can be about */
function inPlace({ findings, counts }: Proof, files: readonly DistFile[], folder: string): Proven {
  const placed = inFolder(
    findings.filter(({ rule }) => rule !== 'guard-off'),
    folder,
  );
  const named = new Set(placed.map(({ location }) => location?.file));
  const texts = files.map(({ path: file, text }) => [path.posix.join(folder, file), text] as const);
  return { findings: placed, sources: new Map(texts.filter(([file]) => named.has(file))), counts };
}

function notProven(problem: unknown): never {
  throw problem instanceof ThreadError ? new UsageError(`nothing was proven: ${problem.message}`) : problem;
}

/** What was compiled, validated and proven, as rows of a summary. */
export function doneRows(counts: Compiled['counts'], proof: ProofCounts, shard?: Shard): Row[] {
  const { services, clusters, objects } = counts;
  return [
    ...(shard === undefined ? [] : [{ label: 'shard', text: `${shard.index} of ${shard.count}` }]),
    { label: 'compiled', text: `${counted(services, 'service')} in ${counted(clusters, 'cluster')}` },
    { label: 'validated', text: counted(objects, 'object') },
    { label: 'proven', text: proofNumbers(proof) },
  ];
}

/** Findings about files of a folder, with the folder before their names. */
export function inFolder(findings: readonly Finding[], folder: string): Finding[] {
  return findings.map((finding) => {
    if (finding.location === undefined) return finding;
    return {
      ...finding,
      location: { ...finding.location, file: path.posix.join(folder, finding.location.file) },
    };
  });
}
