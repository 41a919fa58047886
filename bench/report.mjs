// How long the page of a large fleet takes to open, and to answer a keystroke in its search.
//
//   npm run build && node bench/report.mjs [services]
import { execFileSync } from 'node:child_process';
import { mkdtempSync, openSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { fleet } from './fleet.mjs';

const count = Number(process.argv[2] ?? 10_000);
const command = fileURLToPath(new URL('../lib/main.js', import.meta.url));
const folder = mkdtempSync(path.join(tmpdir(), 'eso-abac-bench-'));
const page = path.join(folder, 'report.html');

try {
  writeFileSync(path.join(folder, 'services.yaml'), fleet(count));
  execFileSync(process.execPath, [command, '--quiet'], { cwd: folder, stdio: 'inherit' });
  const written = seconds(() =>
    execFileSync(process.execPath, [command, 'report'], {
      cwd: folder,
      stdio: ['ignore', openSync(page, 'w'), 'inherit'],
    }),
  );
  const { opened, keys, rows } = await inBrowser();
  const sorted = [...keys].sort((a, b) => a - b);
  console.log(
    `${count} services: report in ${written.toFixed(1)} s, ${(statSync(page).size / 1e6).toFixed(1)} MB`,
  );
  console.log(`opened in ${opened.toFixed(0)} ms, ${rows} rows in the document`);
  console.log(
    `a keystroke until it is painted: median ${sorted[sorted.length >> 1].toFixed(0)} ms, longest ${sorted.at(-1).toFixed(0)} ms, of ${keys.length}`,
  );
} finally {
  rmSync(folder, { recursive: true });
}

function seconds(work) {
  const start = performance.now();
  work();
  return (performance.now() - start) / 1000;
}

/** Opens the page and types, and measures in the page: from a key's event to the frame that shows its outcome. */
async function inBrowser() {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium' });
  try {
    const tab = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    const start = performance.now();
    await tab.goto(`file://${page}`);
    await tab.locator('.rows [role="row"]').first().waitFor();
    const opened = performance.now() - start;
    await tab.evaluate(() => {
      window.keys = [];
      document.getElementById('search').addEventListener(
        'input',
        (event) => {
          const began = event.timeStamp;
          requestAnimationFrame(() => setTimeout(() => window.keys.push(performance.now() - began)));
        },
        { capture: true },
      );
    });
    await tab.locator('#search').focus();
    for (const text of ['service-1', '_api_key 99', 'nothing at all']) {
      await tab.keyboard.type(text, { delay: 120 });
      for (const _ of text) await tab.keyboard.press('Backspace', { delay: 60 });
    }
    const keys = await tab.evaluate(() => window.keys);
    return { opened, keys, rows: await tab.locator('.rows [role="row"]').count() };
  } finally {
    await browser.close();
  }
}
