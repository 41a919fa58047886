import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { chromiumPath } from './path.ts';

/** A browser with pages of its own, and every complaint that they wrote to the console. */
export class TestBrowser {
  readonly complaints: string[] = [];
  private readonly folder = mkdtempSync(path.join(tmpdir(), 'eso-abac-page-'));
  private readonly browser: Browser;
  private readonly files = new Map<string, string>();

  private constructor(browser: Browser) {
    this.browser = browser;
  }

  static async start(): Promise<TestBrowser> {
    return new TestBrowser(await chromium.launch({ executablePath: chromiumPath }));
  }

  /** Opens a page in a tab that can reach no network. */
  async open(html: string, hash = '', options: BrowserContextOptions = {}): Promise<Page> {
    const context = await this.browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
    await context.route(/^(?!file:)/, (route) => {
      this.complaints.push(`asks the network for ${route.request().url()}`);
      return route.abort();
    });
    const page = await context.newPage();
    page.on('console', (message) => this.complaints.push(message.text()));
    page.on('pageerror', (problem) => this.complaints.push(problem.message));
    await page.goto(`file://${this.fileOf(html)}${hash}`);
    return page;
  }

  private fileOf(html: string): string {
    const file = this.files.get(html) ?? path.join(this.folder, `${this.files.size}.html`);
    if (!this.files.has(html)) writeFileSync(file, html);
    this.files.set(html, file);
    return file;
  }

  async stop(): Promise<void> {
    await this.browser.close();
    rmSync(this.folder, { recursive: true });
  }
}
