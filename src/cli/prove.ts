import { readFileSync } from 'node:fs';
import path from 'node:path';
import { counterexamplesIn } from '../proof/prove/counterexamples.ts';
import { type DocumentFile, proveDocuments } from '../proof/prove/documents.ts';
import { proveDist } from '../proof/prove/prove.ts';
import { replay } from '../proof/prove/replay.ts';
import type { Format } from '../report/index.ts';
import { jsonText, printable } from '../report/printable.ts';
import { type ProofReport, proofMarkdown, proofText } from '../report/proof.ts';
import { exit, finish, type OutputOptions, UsageError, withFiles } from './command.ts';
import { hasErrors } from './compiled.ts';
import { distFiles } from './dist-files.ts';
import { inFolder } from './proven.ts';

/** Flags of `prove`. */
export interface ProveOptions extends Omit<OutputOptions, 'format'> {
  readonly format: Format | 'markdown';
  readonly dist: string;
  /** A permission policy, in place of dist. */
  readonly policy?: string;
  /** A trust policy, in place of dist. */
  readonly trust?: string;
  readonly tagKey?: string;
  /** Further tags: keys, or keys with the value that the trust policy must pin. */
  readonly tags?: readonly string[];
  /** A file with counterexamples. */
  readonly replay?: string;
}

/** Proves who can read which secret, from the files of dist or from documents of one's own. */
export function prove(options: ProveOptions): number {
  const isOwn = options.policy !== undefined || options.trust !== undefined;
  if (!isOwn && (options.tagKey !== undefined || options.tags !== undefined))
    throw new UsageError('--tag-key and --tags go with --policy and --trust; of dist they are known');
  if (options.replay !== undefined) return replayFile(options, options.replay);
  const sources = new Map<string, string>();
  return report(isOwn ? ofDocuments(options, sources) : ofDist(options, sources), options, sources);
}

function ofDist({ dist }: ProveOptions, sources: Map<string, string>): ProofReport {
  const files = distFiles(dist);
  for (const file of files) sources.set(path.posix.join(dist, file.path), file.text);
  const { findings, counts, attacks, assumptions } = proveDist(files);
  if (counts.tenants + counts.secrets === 0 && findings.length === 0)
    throw new UsageError(`${dist} holds nothing to prove: no services and no secrets`);
  return { findings: inFolder(findings, dist), counts, cases: counts.cases, attacks, assumptions };
}

function ofDocuments(
  { policy, trust, tagKey, tags = [] }: ProveOptions,
  sources: Map<string, string>,
): ProofReport {
  if (tagKey === undefined)
    throw new UsageError('--policy and --trust need --tag-key, the tag that holds the identity');
  const read = (file: string | undefined): DocumentFile | undefined => {
    if (file === undefined) return undefined;
    const text = withFiles(`${file} cannot be read`, () => readFileSync(file, 'utf8'));
    sources.set(file, text);
    return { file, text };
  };
  const [access, trusted] = [read(policy), read(trust)];
  const further = tags.map((tag) => tag.split('=', 2) as [string, string | undefined]);
  const { findings, cases } = proveDocuments({
    ...(access && { policy: access }),
    ...(trusted && { trust: trusted }),
    tagKeys: [tagKey, ...further.map(([key]) => key)],
    pinned: new Map(further.flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const]))),
  });
  return { findings, cases, attacks: [], assumptions: [] };
}

function report(proof: ProofReport, options: ProveOptions, sources: ReadonlyMap<string, string>): number {
  const { findings, counts, cases, attacks, assumptions } = proof;
  if (options.format === 'markdown') {
    process.stdout.write(proofMarkdown(proof));
    return hasErrors(findings) ? exit.findings : exit.fine;
  }
  const isProven = !hasErrors(findings);
  const summary = { command: 'prove', proven: isProven, ...(counts ?? { cases }), attacks, assumptions };
  return finish(
    { findings, sources, summary, done: isProven ? proofText(proof) : '' },
    { ...options, format: options.format },
  );
}

function replayFile({ dist, format }: ProveOptions, file: string): number {
  const text = withFiles(`${file} cannot be read`, () => readFileSync(file, 'utf8'));
  const cases = counterexamplesIn(parsed(file, text));
  if (cases.length === 0)
    throw new UsageError(`${file} holds no counterexample; "prove --format json" prints them`);
  const files = distFiles(dist);
  const results = cases.map((one) => replay(files, one));
  const isWrong = results.some(({ outcome, expected }) => outcome !== expected);
  if (format === 'json') process.stdout.write(jsonText({ command: 'prove', replays: results }));
  else {
    for (const { steps, outcome, expected } of results)
      process.stdout.write(`${steps.map(printable).join('\n')}\n${outcome}, expected: ${expected}\n`);
  }
  return isWrong ? exit.findings : exit.fine;
}

function parsed(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`${file} is not JSON`);
  }
}
