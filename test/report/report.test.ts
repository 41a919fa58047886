import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccessReport } from '../../src/explain/access-report.ts';
import { distAccess } from '../../src/explain/dist-access.ts';
import { matrixOf } from '../../src/proof/matrix/matrix.ts';
import { accessCsv, accessMarkdown } from '../../src/report/access-text.ts';
import { encode } from '../../src/report/html/encode.ts';
import { filesOf, fleets } from '../proof/fleets.ts';
import { validSpec } from '../support/arbitrary.ts';
import { asFiles, compileValid, runs } from '../support/run-compile.ts';
import { largeReport, pageOf, reportOf, secret, service } from './support.ts';

/** The page's own reader. It is plain JavaScript, for the page takes it as it stands. */
const decoder = (await import(new URL('../../src/report/page/decode.js', import.meta.url).href)) as {
  decode(json: string): Decoded;
};

interface Decoded {
  readonly services: readonly {
    readonly service: string;
    readonly cluster: string;
    readonly namespace: string;
    readonly state: string;
    readonly identities: readonly string[];
    readonly stores: readonly {
      readonly name: string;
      readonly roles: readonly string[];
      readonly sessionTags: unknown;
      readonly refused?: string;
      readonly reads: readonly { readonly name: string; readonly region: string; readonly place: string }[];
    }[];
  }[];
}

const files = filesOf(fleets.pinned ?? '');
const report = reportOf(files);

describe('the report', () => {
  it('says what each service may read', () => {
    const { services, secrets, proven } = report;
    const reads = services.map(({ service: name, cluster, state, stores }) => [
      `${name} in ${cluster}: ${state}`,
      ...stores.flatMap((store) =>
        store.reads.map((at) => `${store.name}: ${secrets[at]?.name} in ${secrets[at]?.region}`),
      ),
    ]);
    expect(proven).toBe(true);
    expect(reads).toMatchInlineSnapshot(`
      [
        [
          "orders in prod: ok",
          "aws-secretsmanager: orders/db in us-west-2",
          "aws-secretsmanager: orders/tls in us-west-2",
        ],
        [
          "payments in prod: ok",
          "aws-secretsmanager: payments/api in eu-west-1",
          "aws-secretsmanager: payments/api in us-west-2",
          "aws-secretsmanager-datadog: datadog/key in eu-west-1",
          "aws-secretsmanager-datadog: datadog/key in us-west-2",
        ],
        [
          "payments in prod-eu: ok",
          "aws-secretsmanager: payments/api in eu-west-1",
          "aws-secretsmanager: payments/api in us-west-2",
          "aws-secretsmanager-datadog: datadog/key in eu-west-1",
          "aws-secretsmanager-datadog: datadog/key in us-west-2",
        ],
        [
          "search in staging: ok",
          "aws-secretsmanager: staging/search in us-west-2",
        ],
      ]
    `);
  });

  it('holds the statement that allows, in the words of its document', () => {
    const [first] = report.services;
    expect(first?.stores[0]?.statement).toMatchInlineSnapshot(`
      {
        "conditions": [
          {
            "key": "secretsmanager:ResourceTag/ekssecret",
            "operator": "StringEquals",
            "values": [
              "\${aws:PrincipalTag/ekssecret}",
            ],
          },
          {
            "key": "secretsmanager:ResourceTag/environment",
            "operator": "StringEquals",
            "values": [
              "\${aws:PrincipalTag/environment}",
            ],
          },
          {
            "key": "secretsmanager:ResourceTag/team",
            "operator": "StringEquals",
            "values": [
              "\${aws:PrincipalTag/team}",
            ],
          },
          {
            "key": "aws:PrincipalTag/ekssecret",
            "operator": "Null",
            "values": [
              "false",
            ],
          },
          {
            "key": "aws:PrincipalTag/environment",
            "operator": "Null",
            "values": [
              "false",
            ],
          },
          {
            "key": "aws:PrincipalTag/team",
            "operator": "Null",
            "values": [
              "false",
            ],
          },
        ],
        "name": "ReadOwnSecrets",
        "place": "aws/123456789012/roles/eso-secrets-access/policy.json:4",
      }
    `);
  });

  it('says which service is kept from what it asks for', () => {
    const without = files.map((file) =>
      file.path.endsWith('secrets/us-west-2/orders.json')
        ? { ...file, text: file.text.replace('"orders"', '"other"') }
        : file,
    );
    const { services, proven } = reportOf(without);
    const orders = services.find(({ service: name }) => name === 'orders');
    expect([proven, orders?.state]).toEqual([false, 'blocked']);
    expect(orders?.wants.filter(({ allowed }) => !allowed)).toHaveLength(1);
  });

  it('counts a pair once, by however many stores a service may read', () => {
    const open = files.map((file) =>
      file.path.endsWith('/eso-secrets-access/policy.json')
        ? { ...file, text: file.text.replace(/"Condition": \{[\s\S]*?\n {6}\}/, '"Condition": {}') }
        : file,
    );
    const { counts } = reportOf(open);
    expect(counts.allowed).toBeLessThanOrEqual(counts.pairs);
    expect(counts.denied).toBe(counts.pairs - counts.allowed);
    expect(counts.denied).toBe(0);
  });

  it('is the same, byte for byte, in whatever order the files come', () => {
    const page = pageOf(report);
    expect(pageOf(reportOf([...files].reverse()))).toBe(page);
    const addresses = (page.match(/https?:[^'"]*/g) ?? []).filter(
      (one) => one !== 'http://www.w3.org/2000/svg',
    );
    expect(addresses).toEqual([]);
  });

  it('agrees with the evaluator about every pair, and the page reads what was written', () => {
    const property = fc.property(validSpec, (spec) => {
      const { files: all } = compileValid(asFiles(spec));
      const one = reportOf(all);
      expect(readsIn(one)).toEqual(readsPairByPair(all, one));
      const decoded = decoder.decode(JSON.stringify(encode(one)));
      expect(
        decoded.services.map(({ stores }) => stores.map((store) => store.reads.map(({ name }) => name))),
      ).toEqual(readsIn(one));
      expect(
        decoded.services.map(({ service: name, cluster, namespace, state, identities }) => ({
          name,
          cluster,
          namespace,
          state,
          identities,
        })),
      ).toEqual(
        one.services.map(({ service: name, cluster, namespace, state, identities }) => ({
          name,
          cluster,
          namespace,
          state,
          identities,
        })),
      );
    });
    fc.assert(property, runs(8));
  });
});

function readsIn({ services, secrets }: AccessReport): (string | undefined)[][][] {
  return services.map(({ stores }) => stores.map(({ reads }) => reads.map((at) => secrets[at]?.name)));
}

/** The same by the long way: each session and each secret by themselves. */
function readsPairByPair(all: Parameters<typeof distAccess>[0], { services, secrets }: AccessReport) {
  const { dist, matrix, tagKeys, wayOf } = distAccess(all);
  const long = matrixOf(dist, matrix.classes, tagKeys, true);
  const tenants = dist.clusters.flatMap((cluster) => cluster.tenants);
  return services.map(({ service: name, cluster }) => {
    const tenant = tenants.find((one) => one.service === name && one.cluster === cluster);
    return tenant?.stores.map((store) => {
      const { session } = wayOf(store);
      const read = secrets.filter((one) => {
        const found = dist.secrets.find(
          (other) => other.name === one.name && other.account === one.account && other.region === one.region,
        );
        return session !== undefined && found !== undefined && long.reads(session, found).allowed;
      });
      return read.map((one) => one.name);
    });
  });
}

describe('report --format csv and markdown', () => {
  it('is a line for each secret that is read', () => {
    expect(accessCsv(reportOf(filesOf(fleets.small ?? '')))).toMatchInlineSnapshot(`
      "service,cluster,namespace,store,secret,account,region,identity,kmsKey,own
      orders,us-west-2,orders-ns,aws-secretsmanager,orders_db,123456789012,us-west-2,orders,,yes
      payments,us-west-2,payments-ns,aws-secretsmanager,payments_api_key,123456789012,us-west-2,payments,,yes
      "
    `);
  });

  it('lets no name become a formula or a cell of its own', () => {
    const evil = ['=cmd|calc', '+1', '-1', '@SUM(A1)', 'a,b', 'a"b', 'a\nb'];
    const all = { ...largeReport(0), secrets: evil.map(secret), services: evil.map(service) };
    const lines = accessCsv(all).split('\n');
    expect(lines[1]).toMatch(/^'=cmd\|calc,prod,'=cmd/);
    expect(lines[2]).toMatch(/^'\+1,/);
    expect(lines[3]).toMatch(/^'-1,/);
    expect(lines[4]).toMatch(/^'@SUM\(A1\),/);
    expect(lines[5]).toMatch(/^"a,b",/);
    expect(lines[6]).toMatch(/^"a""b",/);
  });

  it('lets no name become markup', () => {
    const evil = 'a | <img src=x> [x](javascript:1)';
    const all = { ...largeReport(0), secrets: [secret(evil)], services: [service(evil, 0)] };
    expect(accessMarkdown(all)).toContain('| `a \\| <img src=x> [x](javascript:1)` | `prod` |');
  });
});

describe('the page', () => {
  it('ends its data nowhere but at its end', () => {
    const evil = '</script><script>alert(1)</script><!-- ]]>';
    const page = pageOf({ ...largeReport(0), secrets: [secret(evil)], services: [service(evil, 0)] });
    expect(page.match(/<\/script>/g)).toHaveLength(2);
    expect(page).not.toContain('<!--');
  });

  it('has a policy that names nothing but hashes', () => {
    const [, policy] = /Content-Security-Policy" content="([^"]*)"/.exec(pageOf(largeReport(1))) ?? [];
    expect(policy).toMatch(
      /^default-src 'none'; script-src 'sha256-[^ ]+'; style-src 'sha256-[^ ]+'; base-uri 'none'; form-action 'none'; /,
    );
  });

  it('is a few megabytes for ten thousand services', () => {
    expect(pageOf(largeReport(10_000)).length).toBeLessThan(4_000_000);
  });
});
