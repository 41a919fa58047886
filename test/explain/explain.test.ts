import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distAccess } from '../../src/explain/dist-access.ts';
import { copyFor, findSecrets, findTenants, UnknownName } from '../../src/explain/find.ts';
import type { Explanation, Step } from '../../src/explain/model.ts';
import { explainPair } from '../../src/explain/pair.ts';
import { secretSummaries, serviceSummary } from '../../src/explain/summary.ts';
import type { Source } from '../../src/proof/files/model.ts';
import { matrixOf } from '../../src/proof/matrix/matrix.ts';
import { explanationText } from '../../src/report/explanation.ts';
import { damaged } from '../proof/damage.ts';
import { filesOf, fleets } from '../proof/fleets.ts';
import { validSpec } from '../support/arbitrary.ts';
import { Dice } from '../support/dice.ts';
import { asFiles, compileValid, runs } from '../support/run-compile.ts';

const pinned = filesOf(fleets.pinned ?? '');
const chained = filesOf(fleets.chained ?? '');

/** Explains one pair in the first cluster of a service, or in the one named; every other pair is held against the matrix. */
function explain(files: readonly Source[], service: string, secret: string, cluster?: string): Explanation {
  agrees(files);
  const access = distAccess(files);
  const [tenant] = findTenants(access, service, cluster);
  const copy = tenant && copyFor(tenant, findSecrets(access, secret));
  const found = tenant && copy && explainPair(access, tenant, copy);
  if (found === undefined) throw new Error('there is nothing to explain');
  return found;
}

function changed(
  files: readonly Source[],
  path: RegExp,
  from: string | RegExp,
  to: string | ((found: string) => string),
): Source[] {
  const after = files.map((file) =>
    path.test(file.path)
      ? { ...file, text: file.text.replace(from, (found) => (typeof to === 'string' ? to : to(found))) }
      : file,
  );
  expect(after).not.toEqual(files);
  return after;
}

const verdicts = ({ steps }: Explanation) => steps.map(({ hop, verdict }) => `${hop} ${verdict}`);
const denied = ({ steps }: Explanation): Step => {
  const found = steps.find(({ verdict }) => verdict === 'denied');
  if (found === undefined) throw new Error('nothing is denied');
  return found;
};
const failing = (step: Step) =>
  step.statements.flatMap(({ name, conditions }) =>
    conditions
      .filter(({ holds }) => holds !== true)
      .map(({ key, operator, request, wanted }) => [name, key, request, operator, wanted]),
  );

describe('a pair', () => {
  it('is explained hop by hop where it is allowed, with its KMS key', () => {
    const found = explain(pinned, 'payments', 'payments/api', 'prod');
    expect([found.allowed, found.meant]).toEqual([true, true]);
    expect(verdicts(found)).toEqual([
      'namespace ok',
      'store ok',
      'operator ok',
      'accessRole ok',
      'policy ok',
      'secret ok',
      'key ok',
    ]);
    const policy = found.steps.find(({ hop }) => hop === 'policy');
    expect(policy?.statements[0]?.conditions[0]).toEqual({
      key: 'secretsmanager:ResourceTag/ekssecret',
      operator: 'StringEquals',
      request: 'payments',
      wanted: ['payments'],
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of a policy
      written: ['${aws:PrincipalTag/ekssecret}'],
      holds: true,
    });
  });

  it('says which condition fails for the secret of another service', () => {
    const found = explain(pinned, 'payments', 'orders/db', 'prod');
    expect([found.allowed, found.meant]).toEqual([false, false]);
    expect(verdicts(found).slice(-3)).toEqual(['policy denied', 'secret skipped', 'key skipped']);
    expect(failing(denied(found))).toEqual([
      ['ReadOwnSecrets', 'secretsmanager:ResourceTag/ekssecret', 'orders', 'StringEquals', ['payments']],
      ['ReadOwnSecrets', 'secretsmanager:ResourceTag/team', 'orders-team', 'StringEquals', ['payments-team']],
    ]);
    expect(explanationText([found], false)).toContain(
      'secretsmanager:ResourceTag/ekssecret is "orders", but ReadOwnSecrets wants StringEquals "payments"',
    );
  });

  it('goes over the store of the shared identity', () => {
    const found = explain(pinned, 'payments', 'datadog/key');
    expect([found.allowed, found.meant, found.store]).toEqual([true, true, 'aws-secretsmanager-datadog']);
    expect(found.steps[0]?.notes).toEqual(['label shared.eso-abac/datadog=true']);
    const other = explain(pinned, 'orders', 'datadog/key');
    expect([other.allowed, other.meant]).toEqual([false, false]);
  });

  it('shows every role of a chain', () => {
    const found = explain(chained, 'payments', 'payments_api_key', 'two');
    expect(found.steps.map(({ hop, name }) => `${hop} ${name}`).slice(2, 5)).toEqual([
      'operator arn:aws:iam::123456789012:role/platform/eso',
      'role arn:aws:iam::123456789012:role/hop',
      'accessRole arn:aws:iam::999999999999:role/team/reader',
    ]);
    expect(found.allowed).toBe(true);
  });

  it('says which hop refuses, with both values', () => {
    const wrong = changed(pinned, /clusters\/staging\/services\/search/, 'value: staging', 'value: prod');
    const found = explain(wrong, 'search', 'staging/search');
    expect(verdicts(found)).toEqual([
      'namespace ok',
      'store ok',
      'operator ok',
      'accessRole denied',
      'secret skipped',
      'key skipped',
    ]);
    expect(failing(denied(found))).toContainEqual([
      'AssumeWithTags2',
      'aws:RequestTag/environment',
      'prod',
      'StringEquals',
      ['staging'],
    ]);
  });

  it('says so when a tag was taken off a secret', () => {
    const without = changed(
      pinned,
      /secrets\/us-west-2\/orders/,
      /\{\s*"Key": "ekssecret",\s*"Value": "orders"\s*\},/,
      '',
    );
    const found = explain(without, 'orders', 'orders/db');
    expect([found.allowed, found.meant]).toEqual([false, true]);
    expect(failing(denied(found))).toEqual([
      ['ReadOwnSecrets', 'secretsmanager:ResourceTag/ekssecret', undefined, 'StringEquals', ['orders']],
    ]);
    expect(explanationText([found], false)).toContain('It should: ');
  });

  it('says so when an ExternalSecret asks for the secret of another service', () => {
    const other = changed(
      pinned,
      /clusters\/prod\/services\/payments/,
      /key: payments\/api/g,
      'key: orders/db',
    );
    const found = explain(other, 'payments', 'orders/db');
    expect([found.allowed, found.meant, found.asked]).toEqual([false, false, true]);
    expect(explanationText([found], false)).toContain('It asks for it all the same');
  });

  it('says so when a key is out of reach', () => {
    const other = changed(
      pinned,
      /eso-secrets-access\/policy/,
      'secretsmanager.us-west-2.amazonaws',
      's3.us-west-2.amazonaws',
    );
    const found = explain(other, 'orders', 'orders/db');
    expect(verdicts(found).slice(-3)).toEqual(['policy ok', 'secret ok', 'key denied']);
    expect(failing(denied(found))[0]?.[1]).toBe('kms:ViaService');
  });

  it('says so when a policy was opened by hand', () => {
    const files = pinned.map((file) =>
      file.path.endsWith('eso-secrets-access/policy.json')
        ? { ...file, text: file.text.replaceAll('${aws:PrincipalTag/', '${aws:ResourceTag/') }
        : file,
    );
    const found = explain(files, 'payments', 'orders/db');
    expect([found.allowed, found.meant]).toEqual([true, false]);
    expect(explanationText([found], false)).toContain('It should not: ');
  });

  it('writes nothing of dist to the terminal that could steer it', () => {
    const files = changed(
      pinned,
      /clusters\/prod\/services\/orders/,
      /namespace: orders-ns/g,
      'namespace: "orders\\e[2Jns"',
    ).map((file) => ({
      ...file,
      text: file.text.replace('name: orders-ns', 'name: "orders\\e[2Jns"'),
    }));
    const found = explain(files, 'orders', 'orders/db');
    expect(found.namespace).toContain('\u001b');
    expect(explanationText([found], false)).not.toContain('\u001b');
  });

  it('warns of a label that is not there', () => {
    const without = changed(
      pinned,
      /clusters\/prod\/services\/payments/,
      /\n\s*shared.eso-abac\/datadog: '?true'?/,
      '',
    );
    const found = explain(without, 'payments', 'datadog/key', 'prod');
    expect(verdicts(found)[0]).toBe('namespace warning');
    expect(found.allowed).toBe(true);
  });

  it('has the verdict of the matrix, for any fleet and any damage', () => {
    const property = fc.property(validSpec, fc.nat(), fc.boolean(), (spec, seed, isDamaged) => {
      const { files } = compileValid(asFiles(spec));
      agrees(isDamaged ? damaged(files, new Dice(seed)).sources : files);
    });
    fc.assert(property, runs(12));
  });
});

/** Holds every explanation against the decision of each pair by itself. */
function agrees(files: readonly Source[]): void {
  const access = distAccess(files);
  const long = matrixOf(access.dist, access.matrix.classes, access.tagKeys, true);
  const tenants = access.dist.clusters.flatMap((cluster) => cluster.tenants);
  for (const tenant of tenants) {
    const readable = new Set(
      tenant.stores.flatMap((store) => {
        const { session } = access.wayOf(store);
        return session === undefined
          ? []
          : access.dist.secrets.filter((secret) => long.reads(session, secret).allowed);
      }),
    );
    for (const secret of access.dist.secrets) {
      const found = explainPair(access, tenant, secret);
      if (found === undefined) continue;
      expect(found.allowed).toBe(readable.has(secret));
      expect(found.steps.filter(({ verdict }) => verdict === 'denied')).toHaveLength(found.allowed ? 0 : 1);
      expect(found.steps.some(({ verdict }) => verdict === 'skipped')).toBe(
        !found.allowed && denied(found).hop !== 'key',
      );
      expect(explanationText([found], false)).toContain(found.allowed ? ' may read ' : ' may not read ');
    }
  }
}

describe('a summary', () => {
  it('says what a service may read and what it asks for in vain', () => {
    const files = changed(pinned, /secrets\/us-west-2\/orders/, '"orders"', '"other"');
    const access = distAccess(files);
    const [tenant] = findTenants(access, 'orders', undefined);
    const lines = tenant && serviceSummary(access, tenant).stores[0]?.secrets;
    expect(lines).toEqual([
      { name: 'orders/db', regions: ['us-west-2'], allowed: false, asked: true, meant: true },
      { name: 'orders/tls', regions: ['us-west-2'], allowed: true, asked: true, meant: true },
    ]);
  });

  it('says who may read a secret', () => {
    const access = distAccess(pinned);
    const [found] = secretSummaries(access, findSecrets(access, 'datadog/key'), undefined);
    expect(
      found?.readers.map(({ service, cluster, allowed, meant }) => [service, cluster, allowed, meant]),
    ).toEqual([
      ['payments', 'prod', true, true],
      ['payments', 'prod-eu', true, true],
    ]);
  });
});

describe('a name', () => {
  const access = distAccess(pinned);
  const problem = (find: () => unknown) => {
    try {
      find();
      return 'found';
    } catch (thrown) {
      if (thrown instanceof UnknownName) return thrown.message;
      throw thrown;
    }
  };

  it('that dist does not have gets the nearest one', () => {
    expect(problem(() => findTenants(access, 'payment', undefined))).toBe(
      'dist has no service "payment"; did you mean "payments"?',
    );
    expect(problem(() => findTenants(access, 'payments', 'prdo'))).toBe(
      'dist has no cluster "prdo"; did you mean "prod"?',
    );
    expect(problem(() => findTenants(access, 'search', 'prod'))).toBe(
      'service "search" is not in cluster "prod", but in staging',
    );
    expect(problem(() => findSecrets(access, 'order/db'))).toBe(
      'dist has no secret "order/db"; did you mean "orders/db"?',
    );
  });

  it('of a secret may be its ARN, with or without the random end', () => {
    const arn = 'arn:aws:secretsmanager:us-west-2:123456789012:secret:orders/db';
    for (const name of [arn, `${arn}-a1B2c3`])
      expect(findSecrets(access, name).map((one) => one.name)).toEqual(['orders/db']);
  });
});
