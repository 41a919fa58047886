import { describe, expect, it } from 'vitest';
import type { Location } from '../../src/findings/finding.ts';
import type {
  AwsSecret,
  Cluster,
  ExternalSecretPlan,
  Fleet,
  SecretGroup,
  Tenant,
} from '../../src/fleet/model.ts';
import { loadsOf, quotaFindings } from '../../src/iam/quotas.ts';
import { compileFiles } from '../support/run-compile.ts';

/** What the loads of a services.yaml are reported as. */
function findingsOf(files: Record<string, string>) {
  return compileFiles(files)
    .findings.filter(({ rule }) => rule === 'aws-quota')
    .map(({ severity, message, location }) => `${location?.start.line} ${severity}: ${message}`);
}

const cluster = (region: string, account: string, roles: Partial<Cluster> = {}): Cluster => ({
  name: `${region}-${account}`,
  region,
  account,
  partition: 'aws',
  controllerRoleArn: `arn:aws:iam::${account}:role/eso-controller`,
  roleChain: [],
  pinnedTags: [],
  tagTemplates: [],
  isGuarded: true,
  accessRoleArn: `arn:aws:iam::${account}:role/eso-secrets-access`,
  secretsAccount: account,
  ...roles,
});

const key = (secretKey: string, remote: string, version?: string) => ({
  secretKey,
  remote: { key: remote, ...(version !== undefined && { version }) },
});

const plan = (refreshInterval: string, more: Partial<ExternalSecretPlan> = {}): ExternalSecretPlan => ({
  name: 'db',
  target: 'db',
  store: 'aws-secretsmanager',
  refreshInterval,
  data: [key('db', 'db')],
  extracts: [],
  templates: {},
  ...more,
});

const tenant = (of: Cluster, externalSecrets: ExternalSecretPlan[], stores = 1): Tenant => ({
  service: 'payments',
  cluster: of,
  namespace: 'payments',
  stores: Array.from({ length: stores }, (_, index) => ({
    name: `store-${index}`,
    identity: 'payments',
    sessionTags: [],
  })),
  externalSecrets,
});

const fleet = (tenants: readonly Tenant[], secrets: readonly SecretGroup[] = []) =>
  ({ tenants, secrets }) as unknown as Fleet;

const place: Location = {
  file: 'services.yaml',
  start: { line: 1, column: 1 },
  end: { line: 1, column: 2 },
};
const messagesOf = (of: Fleet) => quotaFindings(of, () => place).map(({ message }) => message);

describe('the load on AWS', () => {
  const home = cluster('us-west-2', '111111111111');

  it('is a read for each secret of an ExternalSecret and refresh, and a check of each SecretStore', () => {
    const twoKeysOfOne = plan('10s', { data: [key('a', 'db'), key('b', 'db')] });
    const twoVersions = plan('10s', { data: [key('a', 'db'), key('b', 'db', 'AWSPREVIOUS')] });
    const alsoWhole = plan('10s', { data: [key('a', 'db')], extracts: [{ key: 'db' }, { key: 'flags' }] });
    const loads = loadsOf(fleet([tenant(home, [twoKeysOfOne, twoVersions, alsoWhole], 3)]));
    expect(loads).toEqual([
      {
        account: '111111111111',
        region: 'us-west-2',
        reads: 0.5,
        assumedToRead: 0.5,
        assumedToCheck: 0.01,
      },
    ]);
  });

  it('is nothing for what is read once, and follows each interval', () => {
    const [load] = loadsOf(fleet([tenant(home, [plan('0'), plan('1m'), plan('1h'), plan('1h')])]));
    expect(load?.reads).toBeCloseTo(1 / 60 + 2 / 3600);
  });

  it('adds up the clusters of an account in a region, and keeps regions and accounts apart', () => {
    const clusters = [home, { ...home, name: 'another' }, cluster('eu-west-1', '111111111111')];
    const tenants = [...clusters, cluster('us-west-2', '222222222222')].map((each) =>
      tenant(each, [plan('1s')]),
    );
    expect(loadsOf(fleet(tenants)).map(({ account, region, reads }) => [account, region, reads])).toEqual([
      ['111111111111', 'us-west-2', 2],
      ['111111111111', 'eu-west-1', 1],
      ['222222222222', 'us-west-2', 1],
    ]);
  });

  it('counts a call of AssumeRole for the account of each role that calls, a read for that of the last one', () => {
    const chained = cluster('us-west-2', '111111111111', {
      roleChain: ['arn:aws:iam::222222222222:role/hop'],
      accessRoleArn: 'arn:aws:iam::333333333333:role/access',
      secretsAccount: '333333333333',
    });
    const loads = loadsOf(fleet([tenant(chained, [plan('1s')], 300)]));
    expect(loads.map(({ region: _, ...load }) => load)).toEqual([
      { account: '333333333333', reads: 1, assumedToRead: 0, assumedToCheck: 0 },
      { account: '111111111111', reads: 0, assumedToRead: 1, assumedToCheck: 1 },
      { account: '222222222222', reads: 0, assumedToRead: 1, assumedToCheck: 1 },
    ]);
  });
});

describe('a quota of AWS', () => {
  const home = cluster('us-west-2', '111111111111');
  const elsewhere = {
    secretsAccount: '333333333333',
    accessRoleArn: 'arn:aws:iam::333333333333:role/access',
  };

  it('is not reported up to half of it', () => {
    expect(messagesOf(fleet([tenant(home, [plan('10ms'), plan('5ms')])]))).toHaveLength(1);
    expect(messagesOf(fleet([tenant(home, [plan('10ms'), plan('5ms')], 0)]))).toEqual([]);
    expect(messagesOf(fleet([tenant(home, [], 90_000)]))).toEqual([]);
    expect(messagesOf(fleet([tenant(home, [], 90_001)]))).toHaveLength(1);
  });

  it('is reported for reads in the account of the secrets', () => {
    const reading = (interval: string) =>
      messagesOf(fleet([tenant(cluster('us-west-2', '111111111111', elsewhere), [plan(interval)], 0)]));
    expect(reading('200us').filter((text) => text.includes('read 5000 times'))).toEqual([]);
    expect(reading('100us')).toEqual([
      'secrets would be read 10000 times a second with roles of account 333333333333 in us-west-2',
      'roles would be assumed 10000 times a second from account 111111111111 in us-west-2: 10000 to read secrets, 0 to check SecretStores',
    ]);
  });

  it('is reported for secrets and their replicas, in each region', () => {
    const group = (count: number, replicaRegions: string[]): SecretGroup => ({
      account: '111111111111',
      partition: 'aws',
      region: 'us-west-2',
      identity: 'payments',
      secrets: Array<AwsSecret>(count).fill({ name: 'secret', tags: [], replicaRegions }),
    });
    expect(messagesOf(fleet([], [group(250_000, ['eu-west-1'])]))).toEqual([]);
    expect(messagesOf(fleet([], [group(250_000, ['eu-west-1']), group(1, [])]))).toEqual([
      'account 111111111111 would hold 250001 secrets in us-west-2',
    ]);
    expect(
      messagesOf(fleet([], [group(125_000, ['eu-west-1', 'eu-west-1']), group(1, ['eu-west-1'])])),
    ).toEqual(['account 111111111111 would hold 250001 secrets in eu-west-1']);
  });

  it('is a warning at what makes the calls', () => {
    const file = (defaults: string, secret: string) =>
      `version: 1\naws: { account: "111111111111" }\n${defaults}services:\n  - { name: payments, regions: [us-west-2], secrets: [${secret}] }\n`;
    const message =
      'roles would be assumed 1000 times a second from account 111111111111 in us-west-2: 1000 to read secrets, 0 to check SecretStores';
    const atDefaults = file('defaults:\n  refreshInterval: 1ms\n', 'db');
    expect(findingsOf({ 'services.yaml': atDefaults })).toEqual([`4 warning: ${message}`]);
    const atSecret = file('', '{ name: db, refreshInterval: 1ms }');
    expect(findingsOf({ 'services.yaml': atSecret })).toEqual([`1 warning: ${message}`]);
  });

  it('says what of it makes the calls, and what makes them fewer', () => {
    const said = (of: Fleet) => quotaFindings(of, (path) => ({ ...place, file: path.join('.') }));
    const allowedOf = (of: Fleet) => said(of).map(({ allowed, location }) => [location?.file, allowed]);
    expect(allowedOf(fleet([tenant(home, [plan('5ms'), plan('5ms')], 90_000)]))).toEqual([
      [
        'defaults.refreshInterval',
        'at most 300, half of what AWS takes; a longer refreshInterval makes it fewer',
      ],
    ]);
    expect(allowedOf(fleet([tenant(home, [plan('5ms')], 90_000)]))).toEqual([
      [
        'services',
        'at most 300, half of what AWS takes; the operator checks each every 300 seconds, which its storeRequeueInterval changes',
      ],
    ]);
  });
});
