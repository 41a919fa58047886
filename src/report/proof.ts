import type { Finding } from '../findings/finding.ts';
import { counted } from './counted.ts';
import { cell, codeSpan, jsonText, sentence } from './printable.ts';

/** What a proof counted, as far as a report shows it. */
export interface ProofNumbers {
  readonly tenants: number;
  readonly secrets: number;
  readonly pairs: number;
  readonly allowed: number;
  readonly denied: number;
  readonly cases: number;
  readonly forgeries: number;
}

/** An attack on the admission policies, and what stopped it. */
export interface ReportedAttack {
  readonly attack: string;
  readonly stoppedBy: readonly string[];
  readonly clusters: readonly string[];
}

/** The outcome of a proof, for a report. */
export interface ProofReport {
  readonly findings: readonly Finding[];
  readonly counts?: ProofNumbers;
  readonly cases: number;
  readonly attacks: readonly ReportedAttack[];
  readonly assumptions: readonly string[];
}

/** What was proven, in numbers. */
export function proofNumbers({ tenants, secrets, pairs, allowed, denied }: ProofNumbers): string {
  return `${counted(tenants, 'tenant')}, ${counted(secrets, 'secret')}, ${counted(pairs, 'pair')} (${allowed} allowed, ${denied} denied)`;
}

/** The same, each attack below what stops it, and what was taken for granted, for a terminal. */
export function proofText({ counts, cases, attacks, assumptions }: ProofReport): string {
  const part = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [title, ...lines.map((line) => `  - ${line}`)];
  return [
    `proven: ${counts === undefined ? counted(cases, 'case') : proofNumbers(counts)}`,
    ...[...byPolicy(attacks)].flatMap(([policy, stopped]) => part(`stopped by ${policy}:`, stopped)),
    ...part('taken for granted:', assumptions),
  ].join('\n');
}

/** Attacks by the policy that stops them, or the policies where there are several. */
function byPolicy(attacks: readonly ReportedAttack[]): Map<string, string[]> {
  const stopped = new Map<string, string[]>();
  for (const { attack, stoppedBy } of attacks) {
    const policies = stoppedBy.join(' and ');
    stopped.set(policies, [...(stopped.get(policies) ?? []), attack]);
  }
  return stopped;
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

function attackTable(attacks: readonly ReportedAttack[]): string[] {
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
