// Makes the bundle.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { build, stop } from 'esbuild';
import { keepBundle, root } from './bundle.cjs';

/** What is called of the bundle, by run.cjs and the files of threads. */
const entries = `
export const main = async (records) => (await import('./main.ts')).main(records);
export const thread = () => import('./src/parts/thread.ts');
`;

/** What decides on a bundle beside the files in it: which packages are installed, and how they are put together. */
const settings = [
  'node_modules/.package-lock.json',
  'package.json',
  'scripts/start/build.mjs',
  'tsconfig.json',
];

/**
 * Makes the bundle of the sources as they are, and keeps it for later runs.
 *
 * @returns {Promise<import('./bundle.cjs').Bundle>}
 */
export async function buildBundle() {
  const contents = new Map();
  const read = (file) => {
    const content = readFileSync(path.join(root, file));
    contents.set(file, content);
    return content;
  };
  for (const file of settings) if (existsSync(path.join(root, file))) read(file);
  const { outputFiles } = await build({
    absWorkingDir: root,
    stdin: { contents: entries, resolveDir: root },
    plugins: [readingWith(read)],
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node20',
    // V8 keeps what it has compiled of a script, not of an ES module.
    format: 'cjs',
    mainFields: ['module', 'main'],
    // Packages are where node_modules says, also where that is a link: the bundle is the same.
    preserveSymlinks: true,
    define: { 'import.meta.url': 'bundleUrl' },
    logOverride: { 'empty-import-meta': 'silent' },
    logLevel: 'error',
    banner: { js: '(function (require, module, bundleUrl) {' },
    footer: { js: '})' },
  });
  await stop();
  return keepBundle(inAscii(outputFiles[0].text), contents);
}

/**
 * The same program in ASCII, which is read in a fraction of the time. esbuild writes texts so, but no comments and regular
 * expressions. The source of such an expression is another one then, so those that are shown are written in ASCII.
 */
function inAscii(source) {
  return source.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** What is read here is what becomes part of the bundle, even if a file changes meanwhile. */
function readingWith(read) {
  return {
    name: 'read',
    setup({ onLoad }) {
      onLoad({ filter: /./, namespace: 'file' }, ({ path: file }) => ({
        contents: read(path.relative(root, file)),
        loader: file.endsWith('.ts') ? 'ts' : file.endsWith('.json') ? 'json' : 'js',
      }));
    },
  };
}
