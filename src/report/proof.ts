import type { Finding } from '../findings/finding.ts';
import { grouped } from '../grouped.ts';
import type { Proof, ProofCounts } from '../proof/prove/prove.ts';
import { counted } from './counted.ts';
import { cell, codeSpan, jsonText, sentence } from './printable.ts';

/** The outcome of a proof of dist, or of documents, of which only the cases are counted. */
export interface ProofReport extends Pick<Proof, 'findings' | 'attacks' | 'assumptions'> {
  readonly counts?: ProofCounts;
  readonly cases: number;
}

/** What was proven, in numbers. */
export function proofNumbers({ tenants, secrets, pairs, allowed, denied }: ProofCounts): string {
  return `${counted(tenants, 'tenant')}, ${counted(secrets, 'secret')}, ${counted(pairs, 'pair')} (${allowed} allowed, ${denied} denied)`;
}

/** The same, how many attacks what stops, and what was taken for granted, for a terminal. */
export function proofText({ counts, cases, attacks, assumptions }: ProofReport): string {
  const part = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [title, ...lines.map((line) => `  - ${line}`)];
  const stopped = grouped(attacks, ({ stoppedBy }) => stoppedBy.join(' and '));
  return [
    `proven: ${counts === undefined ? counted(cases, 'case') : proofNumbers(counts)}`,
    ...part(
      `stopped: ${counted(attacks.length, 'attack')} on the API server; --format markdown lists them`,
      [...stopped].map(([policies, all]) => `${all.length} by ${policies}`),
    ),
    ...part('taken for granted:', assumptions),
  ].join('\n');
}

/** A proof as a Markdown page, for a pull request or an auditor. */
export function proofMarkdown({ findings, counts, cases, attacks, assumptions }: ProofReport): string {
  const errors = findings.filter(({ severity }) => severity === 'error');
  const outcome = errors.length === 0 ? 'Proven.' : `Not proven: ${counted(errors.length, 'finding')}.`;
  const rows = counts === undefined ? [['cases', cases] as const] : Object.entries(counts);
  return [
    '# Who can read which secret',
    '',
    outcome,
    '',
    '| what | how many |',
    '|---|---:|',
    ...rows.map(([what, many]) => `| ${what} | ${many} |`),
    ...(findings.length === 0 ? [] : ['', '## Findings', '', ...findings.flatMap(findingItem)]),
    ...(attacks.length === 0 ? [] : ['', '## Attacks on the API server', '', ...attackTable(attacks)]),
    ...(assumptions.length === 0
      ? []
      : ['', '## Taken for granted', '', ...assumptions.map((one) => `- ${sentence(one)}`)]),
    '',
  ].join('\n');
}

function attackTable(attacks: Proof['attacks']): string[] {
  return [
    '| what a tenant tries | stopped by | in clusters |',
    '|---|---|---|',
    ...attacks.map(
      ({ attack, stoppedBy, clusters }) =>
        `| ${sentence(attack).replaceAll('|', '\\|')} | ${stoppedBy.map(cell).join(', ')} | ${clusters.map(cell).join(', ')} |`,
    ),
  ];
}

function findingItem({ location, message, rule, allowed, counterexample }: Finding): string[] {
  const place =
    location === undefined
      ? ''
      : `${codeSpan(`${location.file}:${location.start.line}:${location.start.column}`)} `;
  return [
    `- ${place}${sentence(message)} [${rule}]`,
    ...(allowed === undefined ? [] : [`  - allowed: ${sentence(allowed)}`]),
    ...(counterexample === undefined
      ? []
      : ['', '  ```json', ...indented(jsonText(counterexample).trimEnd()), '  ```', '']),
  ];
}

function indented(text: string): string[] {
  return text.split('\n').map((line) => `  ${line}`);
}
