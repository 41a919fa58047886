// Compiles this repository's inputs for each release of the operator whose CRDs are at hand, and writes every object
// into a file of its own, byte for byte as it would stand in dist, so that others can be asked about each.
//
//   node --import tsx .ci/emit.mjs FOLDER      fills FOLDER/<release>/<input>/<file of dist>/<n>.yaml
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseDocument } from 'yaml';
import { compile } from '../main.ts';
import { releases } from './releases.mjs';

const output = process.argv[2];
process.chdir(path.join(import.meta.dirname, '..'));

for (const release of releases) {
  const counts = inputs().map((input) => emit(input, release));
  const total = counts.reduce((sum, count) => sum + count, 0);
  console.log(`${release}: ${total} objects from ${counts.length} inputs`);
}

/** Every valid input of this repository, with whatever it includes. */
function inputs() {
  const examples = readdirSync('examples').map((name) => `examples/${name}/services.yaml`);
  const cases = readdirSync('test/ok').filter((name) => name.endsWith('.yaml'));
  return ['services.yaml', ...examples, ...cases.map((name) => `test/ok/${name}`)];
}

/** Writes the objects of one input for one release, and returns their number. */
function emit(input, release) {
  const { files, findings } = compileFor(input, release);
  for (const { rule, message } of findings.filter(({ severity }) => severity === 'error')) {
    console.error(`${input} for ${release}: ${message} [${rule}]`);
    process.exitCode = 1;
  }
  let count = 0;
  for (const { path: place, text } of files) {
    const folder = path.join(output, release, input, place);
    mkdirSync(folder, { recursive: true });
    objectsIn(text).forEach((object, index) => {
      writeFileSync(path.join(folder, `${index}.yaml`), object);
      count += 1;
    });
  }
  return count;
}

/** Compiles a copy of the input that names this release. */
function compileFor(input, release) {
  const folder = mkdtempSync(path.join(tmpdir(), 'emit-'));
  try {
    const file = path.join(folder, 'services.yaml');
    const document = parseDocument(readFileSync(input, 'utf8'));
    document.setIn(['externalSecrets', 'version'], release);
    writeFileSync(file, document.toString());
    const included = path.join(path.dirname(input), 'services');
    if (existsSync(included)) cpSync(included, path.join(folder, 'services'), { recursive: true });
    return compile(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The texts of a file's objects. The first document is the header, which holds none. */
function objectsIn(text) {
  return text.split(/^---\n/m).filter((document) => /^kind: /m.test(document));
}
