// Generates imports/ from crds/: types by `cdk8s import`, and what manifests are validated with.
//
//   npm run import               writes imports/
//   npm run import -- --check    exits 1 when imports/ is not what crds/ yields, and names the files
//
// A bare `cdk8s import` would not do: it writes one module for each file and API group, so that of two CRDs of
// one group the second replaces the first; and it imports types as if they were values, which ES modules refuse.
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { validatorModules } from './validators.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const importsFolder = join(root, 'imports');
const cdk8s = join(dirname(createRequire(import.meta.url).resolve('cdk8s-cli/package.json')), 'bin/cdk8s');

const crds = readCrds();
const generated = new Map([...generateTypes(), ...validatorModules(crds)]);
if (process.argv.includes('--check')) check(generated);
else write(generated);

/** The modules of types that crds/ yields: file name → text. */
function generateTypes() {
  const folder = mkdtempSync(join(tmpdir(), 'imports-'));
  try {
    writeFileSync(join(folder, 'crds.yaml'), crds.map(({ text }) => text).join('---\n'));
    const options = ['--language', 'typescript', '--output', 'imports', '--no-save', '--no-check-upgrade'];
    execFileSync(process.execPath, [cdk8s, 'import', 'crds.yaml', ...options], {
      cwd: folder,
      stdio: 'pipe',
    });
    return readFolder(join(folder, 'imports'), (text) => copyFieldByField(importTypesAsTypes(text)));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The files of crds/ and the folders in it, in the same order on every machine. */
function readCrds() {
  const folder = join(root, 'crds');
  const names = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.yaml'));
  // With slashes on every machine: the paths go into imports/.
  return names.sort().map((name) => ({
    file: `crds/${name.replaceAll('\\', '/')}`,
    text: readFileSync(join(folder, name), 'utf8'),
  }));
}

/** Makes the head of a generated module valid under TypeScript's `verbatimModuleSyntax`. */
function importTypesAsTypes(text) {
  return text
    .replace(
      'import { ApiObject, ApiObjectMetadata, GroupVersionKind }',
      'import { ApiObject, type ApiObjectMetadata, type GroupVersionKind }',
    )
    .replace('import { Construct }', 'import type { Construct }');
}

/**
 * Makes a generated module name each field that it sets. As they are generated, the conversions copy all that they have
 * so far for each further field, and the constructors begin with a copy, which takes most of the time of making an object.
 */
function copyFieldByField(text) {
  const copied =
    /^ {2}const result = \{\n((?: {4}'.*\n)+) {2}\};\n {2}\/\/ filter undefined values\n {2}return Object\.entries\(result\).*\n/gm;
  return text
    .replace(/^( +)\.\.\.(\w+\.GVK),\n/gm, '$1apiVersion: $2.apiVersion,\n$1kind: $2.kind,\n')
    .replace(copied, (_, fields) => {
      const set = fields.replace(
        /^ {4}('.*'): (.*),\n/gm,
        '  value = $2;\n  if (value !== undefined) { result[$1] = value; }\n',
      );
      return `  const result: Record<string, any> = {};\n  let value: any;\n${set}  return result;\n`;
    });
}

function readFolder(folder, change = (text) => text) {
  if (!existsSync(folder)) return new Map();
  const names = readdirSync(folder).sort();
  return new Map(names.map((name) => [name, change(readFileSync(join(folder, name), 'utf8'))]));
}

function write(modules) {
  rmSync(importsFolder, { recursive: true, force: true });
  mkdirSync(importsFolder);
  for (const [name, text] of modules) writeFileSync(join(importsFolder, name), text);
}

function check(modules) {
  const present = readFolder(importsFolder);
  const names = new Set([...modules.keys(), ...present.keys()]);
  const stale = [...names].filter((name) => modules.get(name) !== present.get(name));
  if (stale.length === 0) return;
  for (const name of stale) console.error(`imports/${name} is not what crds/ yields`);
  console.error('run: npm run import');
  process.exitCode = 1;
}
