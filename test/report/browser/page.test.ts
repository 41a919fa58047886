import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AccessReport } from '../../../src/explain/access-report.ts';
import type { Source } from '../../../src/proof/files/model.ts';
import { filesOf, fleets } from '../../proof/fleets.ts';
import { largeReport, pageOf, reportOf, secret, service } from '../support.ts';
import { TestBrowser } from './browser.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const files = filesOf(fleets.pinned ?? '');
const proven = pageOf(reportOf(files));
/** A fleet in which a policy lets everybody read everything. */
const broken = pageOf(
  reportOf(files.map((file) => (file.path.endsWith('/eso-secrets-access/policy.json') ? open(file) : file))),
);
const large = pageOf(largeReport(10_000));

function open(file: Source): Source {
  const policy = JSON.parse(file.text) as { Statement: { Condition: object }[] };
  for (const statement of policy.Statement) statement.Condition = {};
  return { ...file, text: JSON.stringify(policy) };
}

let browser: TestBrowser;
beforeAll(async () => {
  browser = await TestBrowser.start();
});
afterAll(async () => {
  expect(browser.complaints).toEqual([]);
  await browser.stop();
});

const rows = (page: Page) => page.locator('.rows [role="row"]');
const firstCells = (page: Page) => page.locator('.rows [role="rowheader"] bdi').allTextContents();
const focused = (page: Page) =>
  page.evaluate('(document.activeElement.querySelector("bdi") ?? document.activeElement).textContent');
/** A browser follows a link, and says so, when it gets to it: what comes of a click or a key is waited for. */
const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 10_000 });
const go = (page: Page, hash: string) => page.evaluate(`location.hash = ${JSON.stringify(hash)}`);

interface AxeResult {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly html: string }[];
  }[];
}

/** What somebody would do who has found a way to run a little in the page. */
const attempts = `(() => {
  const tryIt = (attempt) => {
    try {
      attempt();
      return 'done';
    } catch (problem) {
      return String(problem);
    }
  };
  const errors = [
    tryIt(() => Object.assign(document.body, { innerHTML: '<img src=x onerror="window.hacked=3">' })),
    tryIt(() => document.body.append(Object.assign(document.createElement('script'), { text: 'window.hacked=4' }))),
  ];
  return { errors, hacked: 'hacked' in window };
})()`;

describe('the page', () => {
  it('says that it is proven, and lists the services', async () => {
    const page = await browser.open(proven);
    expect(await page.locator('h2').first().textContent()).toBe('Proven');
    await eventually(() => firstCells(page)).toEqual(['orders', 'payments', 'search']);
    expect(await rows(page).first().textContent()).toContain('orders/db, orders/tls');
  });

  it('says what is wrong when it is not proven', async () => {
    const page = await browser.open(broken);
    expect(await page.locator('h2').first().textContent()).toMatch(/^Not proven: \d+ findings?$/);
    expect(await page.locator('.verdict p').textContent()).toContain('3 services can read secrets of others');
    await page.getByRole('link', { name: /^Findings/ }).click();
    await eventually(() => page.locator('article').textContent()).toContain('proof-access');
  });

  it('searches and filters, and keeps both in the address', async () => {
    const page = await browser.open(proven);
    await page.getByLabel('Search').fill('pay api');
    await eventually(() => firstCells(page)).toEqual(['payments']);
    await eventually(() => page.url()).toMatch(/#\/services\?query=pay\+api$/);
    await eventually(() => page.getByRole('status').textContent()).toBe('1 of 3 services');
    await page.getByLabel('Search').fill('');
    await page.getByLabel('Cluster', { exact: true }).selectOption('staging');
    await eventually(() => firstCells(page)).toEqual(['search']);
    await page.getByLabel('Cluster', { exact: true }).selectOption('');
    await page.getByLabel('Tag', { exact: true }).selectOption('ekssecret=datadog');
    await eventually(() => firstCells(page)).toEqual(['payments']);
    await page.reload();
    await eventually(() => firstCells(page)).toEqual(['payments']);
    await page.getByLabel('Tag', { exact: true }).selectOption('');
    await page.getByLabel('Secret’s name holds').fill('DB');
    await eventually(() => firstCells(page)).toEqual(['orders']);
    await page.getByLabel('Access').selectOption('blocked');
    await eventually(() => firstCells(page)).toEqual([]);
  });

  it('is used with the keyboard alone', async () => {
    const page = await browser.open(proven);
    await page.keyboard.press('Tab');
    await eventually(() => focused(page)).toBe('Skip to the content');
    await page.keyboard.press('/');
    await page.keyboard.type('prod');
    await page.keyboard.press('ArrowDown');
    await eventually(() => focused(page)).toBe('orders');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await eventually(() => focused(page)).toBe('payments');
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowUp');
    await eventually(() => page.evaluate('document.activeElement.id')).toBe('search');
    await page.keyboard.press('Escape');
    await eventually(() => page.getByLabel('Search').inputValue()).toBe('');
    await page.keyboard.press('Enter');
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    // The address changes before the page does, and a key that comes in between is meant for the list.
    await page.locator('h2:focus').filter({ hasText: 'search' }).waitFor();
    await eventually(() => page.url()).toMatch(/#\/service\/search$/);
    await page.keyboard.press('Escape');
    await page.locator('.rows a:focus').filter({ hasText: 'search' }).waitFor();
    await eventually(() => page.url()).toMatch(/#\/services$/);
  });

  it('opens a service, a secret and every view by its address', async () => {
    const page = await browser.open(proven, '#/service/payments/prod-eu');
    expect(await page.locator('h2').textContent()).toBe('payments');
    const [own, shared] = await page.locator('svg.chain').all();
    expect(await own?.getAttribute('aria-label')).toMatch(
      /^Namespace payments-ns, payments → SecretStore aws-secretsmanager, ekssecret=payments, .* → Policy ReadOwnSecrets, ekssecret=payments, .* → Secret payments\/api, /,
    );
    expect(await shared?.getAttribute('aria-label')).toContain('Secret datadog/key, ekssecret=datadog');
    await page.getByRole('link', { name: 'datadog/key' }).click();
    await eventually(() => page.locator('article').textContent()).toContain(
      'Read by 1 service in 2 clusters',
    );
    const titles = {
      guards: 'What guards each cluster',
      attacks: 'Attacks that were tried',
      assumptions: 'Taken for granted',
    };
    for (const [view, title] of Object.entries(titles)) {
      await go(page, `#/${view}`);
      await page.getByRole('heading', { name: title, level: 2 }).waitFor();
    }
    for (const wrong of [
      '#/service/nobody',
      '#/secret/1/none',
      '#/service/%E0%A4%A',
      '#/constructor',
      '#/nothing',
    ]) {
      await go(page, wrong);
      await page.getByRole('heading', { name: 'Not found' }).waitFor();
    }
  });

  // Dark differs in its colours alone.
  it.each(['light', 'dark'] as const)('has nothing that axe objects to, %s', async (colorScheme) => {
    for (const [html, hash] of [
      [proven, ''],
      [broken, '#/secrets'],
      [proven, '#/service/payments'],
      [broken, '#/service/payments'],
      [broken, '#/findings'],
      [proven, '#/guards'],
      [proven, '#/secret/123456789012/payments%2Fapi'],
      [proven, '#/attacks'],
    ] as const) {
      // axe itself has to be let in, which the policy of the page would not.
      const page = await browser.open(html, hash, { colorScheme, bypassCSP: true });
      await page.evaluate(axe);
      const { violations } = (await page.evaluate(
        colorScheme === 'light' ? 'axe.run()' : 'axe.run({ runOnly: ["color-contrast"] })',
      )) as AxeResult;
      expect(violations.map(({ id, nodes }) => [hash, id, nodes[0]?.html])).toEqual([]);
      await page.context().close();
    }
  });

  it('shows HTML in names as text, and no script but its own runs', async () => {
    const evil = `<img src=x onerror="window.hacked=1"></script><script>window.hacked=1</script>`;
    const report: AccessReport = {
      ...largeReport(1),
      services: [{ ...service(evil, 0), cluster: evil, namespace: evil }],
      secrets: [{ ...secret(evil), kmsKey: evil }],
      findings: [{ rule: 'proof-access', severity: 'error', message: evil, allowed: evil }],
      attacks: [{ attack: evil, stoppedBy: [evil], clusters: [evil] }],
      assumptions: [evil],
    };
    const page = await browser.open(pageOf(report));
    await eventually(() => firstCells(page)).toEqual([evil]);
    for (const hash of [
      `#/service/${encodeURIComponent(evil)}`,
      '#/findings',
      '#/attacks',
      '#/assumptions',
      '#/guards',
    ]) {
      await go(page, hash);
      await page.locator('article').waitFor();
      expect(await page.locator('img, script:not([id=data]):not([type=module])').count()).toBe(0);
    }
    expect(await page.evaluate('"hacked" in window')).toBe(false);
  });

  it('lets no script in that somebody puts into the page', async () => {
    const before = browser.complaints.length;
    const page = await browser.open(
      proven.replace('<main ', '<script>window.hacked=1</script><b onclick="window.hacked=2">x</b><main '),
    );
    await page.locator('b').click();
    const outcome = (await page.evaluate(attempts)) as { errors: string[]; hacked: boolean };
    expect(outcome.hacked).toBe(false);
    expect(outcome.errors).toEqual([
      expect.stringContaining('TrustedHTML'),
      expect.stringContaining('TrustedScript'),
    ]);
    const complaints = browser.complaints.splice(before);
    expect(complaints.length).toBeGreaterThanOrEqual(2);
    for (const complaint of complaints) expect(complaint).toMatch(/Content Security Policy|Trusted/);
  });

  it('keeps few of ten thousand rows in the document, and finds the last one', async () => {
    const page = await browser.open(large);
    const grid = page.getByRole('grid');
    expect(await grid.getAttribute('aria-rowcount')).toBe('10001');
    expect(await rows(page).count()).toBeLessThan(50);
    await page.evaluate('scrollTo(0, document.body.scrollHeight)');
    await page.getByRole('row', { name: 'service-09999' }).waitFor();
    expect(await rows(page).last().getAttribute('aria-rowindex')).toBe('10001');
    expect(await rows(page).count()).toBeLessThan(50);
    await page.keyboard.press('/');
    await page.keyboard.type('09998');
    await eventually(() => firstCells(page)).toEqual(['service-09998']);
    expect(await page.locator('*').count()).toBeLessThan(500);
  });

  it('keeps the readers of a secret few that ten thousand services share, and leads to them all', async () => {
    const report = largeReport(10_000);
    const all = report.services.map((one) => ({
      ...one,
      stores: one.stores.map((store) => ({ ...store, reads: [...store.reads, 0] })),
    }));
    const page = await browser.open(
      pageOf({ ...report, services: all }),
      '#/secret/123456789012/service-00000',
    );
    expect(await page.locator('tr').count()).toBeLessThan(300);
    await page.getByRole('link', { name: 'All of them' }).click();
    await page.getByRole('status').waitFor();
    await eventually(() => page.getByRole('status').textContent()).toBe('10,000 services');
  });

  it('prints every row that is found', async () => {
    const page = await browser.open(large, '#/services?query=service-0001');
    await page.emulateMedia({ media: 'print' });
    await page.locator('.printed').waitFor();
    expect(await rows(page).count()).toBe(10);
    expect(await page.getByLabel('Search').isVisible()).toBe(false);
    await page.emulateMedia({ media: 'screen' });
    await page.locator('.grid:not(.printed)').waitFor();
  });

  it('fits a narrow window', async () => {
    const page = await browser.open(broken, '', { viewport: { width: 360, height: 740 } });
    const service = ['#/services', '#/secrets', '#/service/payments'];
    for (const hash of [...service, '#/findings', '#/guards', '#/attacks', '#/assumptions']) {
      await go(page, hash);
      await page.locator(`main[data-view="${hash.split('/')[1]}"]`).waitFor();
      const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
      expect([hash, overflow]).toEqual([hash, 0]);
    }
  });
});
