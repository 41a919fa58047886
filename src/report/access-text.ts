import type { AccessReport, ReportSecret, ReportService } from '../explain/access-report.ts';
import { cell, printable } from './printable.ts';
import { proofMarkdown } from './proof.ts';

/** The report as a Markdown page: what was proven, and what each service may read. */
export function accessMarkdown(report: AccessReport): string {
  const rows = report.services.map((service) => {
    const names = new Set(readsOf(report, service).map(({ secret }) => secret.name));
    const named = [service.service, service.cluster, service.namespace].map(cell);
    const cells = [...named, [...names].map(cell).join(', '), stateWords[service.state]];
    return `| ${cells.join(' | ')} |`;
  });
  return [
    proofMarkdown({ ...report, cases: report.counts.cases }),
    '## What each service may read',
    '',
    '| service | cluster | namespace | secrets | |',
    '|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

const stateWords = {
  ok: 'as meant',
  blocked: 'cannot read what it asks for',
  foreign: 'reads what is not its own',
};

const columns = [
  'service',
  'cluster',
  'namespace',
  'store',
  'secret',
  'account',
  'region',
  'identity',
  'kmsKey',
  'own',
];

/** One line for each secret that a service may read, for spreadsheets. As RFC 4180 says, but with line feeds. */
export function accessCsv(report: AccessReport): string {
  const lines = report.services.flatMap((service) =>
    readsOf(report, service).map(({ store, secret }) => {
      const { name, account, region, identity, kmsKey = '' } = secret;
      const own = service.identities.includes(identity) ? 'yes' : 'no';
      return [
        service.service,
        service.cluster,
        service.namespace,
        store,
        name,
        account,
        region,
        identity,
        kmsKey,
        own,
      ];
    }),
  );
  return `${[columns, ...lines].map((cells) => cells.map(csvCell).join(',')).join('\n')}\n`;
}

/** A spreadsheet takes a cell that begins with one of these for a formula: the apostrophe makes it a text. */
function csvCell(text: string): string {
  const shown = printable(text);
  const plain = /^[=+\-@]/.test(shown) ? `'${shown}` : shown;
  return /[",]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

function readsOf(
  { secrets }: AccessReport,
  { stores }: ReportService,
): { readonly store: string; readonly secret: ReportSecret }[] {
  return stores.flatMap(({ name, reads }) =>
    reads.flatMap((at) => {
      const secret = secrets[at];
      return secret === undefined ? [] : [{ store: name, secret }];
    }),
  );
}
