import { createHash } from 'node:crypto';
import type { AccessReport } from '../../explain/access-report.ts';
import { harmlessJson } from '../printable.ts';
import { encode } from './encode.ts';

/** What the page is made of, as texts. */
export interface PageParts {
  readonly css: string;
  /** The modules of src/report/page, each after those that it imports. */
  readonly scripts: readonly string[];
}

/** The modules of the page in the order in which they go into it. */
export const pageScripts = [
  'dom.js',
  'decode.js',
  'search.js',
  'grid.js',
  'boxes.js',
  'chain.js',
  'overview.js',
  'lists.js',
  'details.js',
  'judged.js',
  'main.js',
] as const;

/**
 * A report as one HTML page that asks nothing of any network. The content security policy lets its own script and style
 * run by their hashes and nothing else, and the data is JSON that no parser of HTML can mistake for an end of script.
 */
export function htmlReport(report: AccessReport, { css, scripts }: PageParts): string {
  const script = bundle(scripts);
  const policy = [
    "default-src 'none'",
    `script-src '${hash(script)}'`,
    `style-src '${hash(css)}'`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>Who can read which secret</title>
<style>${css}</style>
</head>
<body>
<a class="skip" href="#main" id="skip">Skip to the content</a>
<header id="top"></header>
<main id="main" tabindex="-1"><noscript>This page needs JavaScript: all of it is in the file, and it asks no network.
"eso-abac report --format markdown" says the same without.</noscript></main>
<script type="application/json" id="data">${safeJson(encode(report))}</script>
<script type="module">${script}</script>
</body>
</html>
`;
}

/** One script of several modules that share a scope: their imports of each other fall away, their exports stay in it. */
function bundle(scripts: readonly string[]): string {
  return scripts
    .map((script) => script.replace(/^import [^;]* from '\.\/[a-z]+\.js';\n/gm, '').replace(/^export /gm, ''))
    .join('\n');
}

/** JSON in which nothing opens or closes an element. */
function safeJson(data: object): string {
  return harmlessJson(JSON.stringify(data)).replace(/</g, '\\u003c');
}

function hash(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
