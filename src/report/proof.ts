import type { Finding } from '../findings/finding.ts';

/** What a proof counted, as far as a report shows it. */
export interface ProofNumbers {
  readonly tenants: number;
  readonly secrets: number;
  readonly pairs: number;
  readonly allowed: number;
  readonly denied: number;
  readonly cases: number;
}

/** The outcome of a proof, for a report. */
export interface ProofReport {
  readonly findings: readonly Finding[];
  readonly counts?: ProofNumbers;
  readonly cases: number;
  readonly assumptions: readonly string[];
}

/** One line of what was proven. */
export function proofLine({ tenants, secrets, pairs, allowed, denied, cases }: ProofNumbers): string {
  return `proven: ${number(tenants, 'tenant')}, ${number(secrets, 'secret')}, ${number(pairs, 'pair')} (${allowed} allowed, ${denied} denied), ${number(cases, 'case')}`;
}

/** The same, and what was taken for granted, for a terminal. */
export function proofText({ counts, cases, assumptions }: ProofReport): string {
  const first = counts === undefined ? `proven: ${number(cases, 'case')}` : proofLine(counts);
  if (assumptions.length === 0) return first;
  return [first, 'taken for granted:', ...assumptions.map((assumption) => `  - ${assumption}`)].join('\n');
}

/** A proof as a Markdown page, for a pull request or an auditor. */
export function proofMarkdown({ findings, counts, cases, assumptions }: ProofReport): string {
  const errors = findings.filter(({ severity }) => severity === 'error');
  const outcome = errors.length === 0 ? 'Proven.' : `Not proven: ${number(errors.length, 'finding')}.`;
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
    ...(assumptions.length === 0
      ? []
      : ['', '## Taken for granted', '', ...assumptions.map((one) => `- ${escaped(one)}`)]),
    '',
  ].join('\n');
}

function findingItem({ location, message, rule, allowed, counterexample }: Finding): string[] {
  const place =
    location === undefined ? '' : `\`${location.file}:${location.start.line}:${location.start.column}\` `;
  return [
    `- ${place}${escaped(message)} [${rule}]`,
    ...(allowed === undefined ? [] : [`  - allowed: ${escaped(allowed)}`]),
    ...(counterexample === undefined
      ? []
      : ['', '  ```json', ...indented(JSON.stringify(counterexample, null, 2)), '  ```', '']),
  ];
}

function indented(text: string): string[] {
  return text.split('\n').map((line) => `  ${line}`);
}

/** Nothing of a message is markup. */
function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|]/g, '\\$&').replace(/\s+/g, ' ');
}

function number(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
