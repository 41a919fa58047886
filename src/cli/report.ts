import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { AccessReport } from '../explain/access-report.ts';
import { distAccess } from '../explain/dist-access.ts';
import { overview } from '../explain/overview.ts';
import { proveDist } from '../proof/prove/prove.ts';
import { accessCsv, accessMarkdown } from '../report/access-text.ts';
import { counted } from '../report/counted.ts';
import { htmlReport, pageScripts } from '../report/html/page.ts';
import { jsonText } from '../report/printable.ts';
import { exit, UsageError } from './command.ts';
import { distFiles } from './dist-files.ts';
import { packageRoot } from './package-files.ts';
import { inFolder } from './proven.ts';

/** Flags of `report`. */
export interface ReportOptions {
  readonly dist: string;
  readonly format: 'html' | 'markdown' | 'json' | 'csv';
}

/** Prints who can read which secret, as a page, a text or data. */
export function report({ dist, format }: ReportOptions): number {
  if (format === 'html' && process.stdout.isTTY === true)
    throw new UsageError('a page is not for a terminal: eso-abac report > report.html');
  const files = distFiles(dist);
  const proof = proveDist(files);
  if (proof.counts.tenants + proof.counts.secrets === 0 && proof.findings.length === 0)
    throw new UsageError(`${dist} holds no services and no secrets`);
  const placed = { ...proof, findings: inFolder(proof.findings, dist) };
  const found = overview(distAccess(files), placed);
  process.stdout.write(render[format](found));
  if (found.proven) return exit.fine;
  process.stderr.write(`not proven: ${counted(found.findings.length, 'finding')}, which the report lists\n`);
  return exit.findings;
}

const render: Record<ReportOptions['format'], (found: AccessReport) => string> = {
  html: (found) => htmlReport(found, { css: pageFile('page.css'), scripts: pageScripts.map(pageFile) }),
  markdown: accessMarkdown,
  json: (found) => jsonText({ command: 'report', ...found }),
  csv: accessCsv,
};

/** The page's script and style are files of the package and never compiled: what runs is what one reads. */
function pageFile(name: string): string {
  return readFileSync(path.join(packageRoot, 'src/report/page', name), 'utf8');
}
