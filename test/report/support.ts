import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AccessReport, ReportSecret, ReportService } from '../../src/explain/access-report.ts';
import { distAccess } from '../../src/explain/dist-access.ts';
import { overview } from '../../src/explain/overview.ts';
import type { Source } from '../../src/proof/files/model.ts';
import { proveDist } from '../../src/proof/prove/prove.ts';
import { htmlReport, pageScripts } from '../../src/report/html/page.ts';

const folder = fileURLToPath(new URL('../../src/report/page/', import.meta.url));

/** The report of files of dist. */
export function reportOf(files: readonly Source[]): AccessReport {
  return overview(distAccess(files), proveDist(files));
}

/** The page of a report. */
export function pageOf(report: AccessReport): string {
  const read = (name: string) => readFileSync(path.join(folder, name), 'utf8');
  return htmlReport(report, { css: read('page.css'), scripts: pageScripts.map(read) });
}

/** A report of many services that are alike, without compiling and proving them. */
export function largeReport(count: number): AccessReport {
  const names = Array.from({ length: count }, (_, index) => `service-${String(index).padStart(5, '0')}`);
  return {
    proven: true,
    counts: {
      tenants: count,
      secrets: count,
      pairs: count * count,
      allowed: count,
      denied: count * count - count,
      cases: 100,
      forgeries: 100,
    },
    tagKeys: ['ekssecret'],
    clusters: [{ name: 'prod', guard: { off: false, policies: [], subjects: [] } }],
    accounts: [{ account: '123456789012' }],
    services: names.map(service),
    secrets: names.map(secret),
    findings: [],
    attacks: [{ attack: 'a SecretStore with another tag', stoppedBy: ['policy'], clusters: ['prod'] }],
    assumptions: ['what is deployed is what dist says'],
  };
}

/** One service that reads the secret at an index. */
export function service(name: string, index: number): ReportService {
  const sessionTags = [{ key: 'ekssecret', value: name }];
  return {
    service: name,
    cluster: 'prod',
    namespace: name,
    file: `clusters/prod/services/${name}.yaml`,
    identities: [name],
    stores: [
      {
        name: 'aws-secretsmanager',
        region: 'us-west-2',
        sessionTags,
        roles: ['arn:aws:iam::123456789012:role/controller', 'arn:aws:iam::123456789012:role/access'],
        reads: [index],
      },
    ],
    wants: [{ externalSecret: name, store: 0, key: name, secret: index, allowed: true }],
    state: 'ok',
  };
}

/** The secret that such a service reads. */
export function secret(name: string): ReportSecret {
  return {
    name,
    account: '123456789012',
    region: 'us-west-2',
    identity: name,
    tags: [{ key: 'ekssecret', value: name }],
    place: `aws/123456789012/secrets/us-west-2/${name}.json:8`,
  };
}
