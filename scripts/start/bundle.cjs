// The bundle on disk: a file that is never run unless it is whole and made of what stands in the repository now.
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const { createRequire } = require('node:module');
const path = require('node:path');
const { pathToFileURL } = require('node:url');
const { Script } = require('node:vm');

/**
 * @typedef {object} Bundle
 * @property {string} source JavaScript that is a function, see `loadBundle`
 * @property {string} digest of the source
 * @property {Uint8Array} [code] what V8 has compiled of the source in an earlier run
 *
 * @typedef {object} Entries
 * @property {(records: object) => Promise<void>} main runs the command line of this process
 * @property {() => Promise<unknown>} thread does the work of a thread that proves
 */

/** The folder of this repository. */
const root = path.join(__dirname, '../..');

const folder = path.join(root, 'node_modules/.cache/eso-abac');
const bundleFile = path.join(folder, 'bundle');
// V8 looks at version and flags itself; this keeps machines that share the folder out of each other's way.
const codeFile = path.join(folder, `code-${process.version}-${process.platform}-${process.arch}`);

/**
 * The bundle that an earlier run has left, unless it is damaged or any file that it was made of is not as it was.
 *
 * @returns {Bundle | undefined}
 */
function readBundle() {
  try {
    const content = fs.readFileSync(bundleFile);
    const end = content.indexOf('\n');
    const body = content.subarray(end + 1);
    const { inputs, state, digest } = JSON.parse(content.toString('utf8', 0, end));
    if (digestOf(body) !== digest || !isStateOf(inputs, state)) return undefined;
    return { source: body.toString('latin1'), digest, code: readCode(digest) };
  } catch {
    return undefined;
  }
}

/**
 * Keeps a bundle for later runs, if there is a place for it.
 *
 * @param {string} source in ASCII
 * @param {ReadonlyMap<string, Uint8Array>} contents of the files that it is made of, by path relative to the repository
 * @returns {Bundle}
 */
function keepBundle(source, contents) {
  const files = [...contents.keys()].sort();
  const inputs = files.map((file) => [file, contents.get(file).length]);
  const state = stateOf(inputs, Buffer.concat(files.map((file) => contents.get(file))));
  const body = Buffer.from(source, 'latin1');
  const digest = digestOf(body);
  const head = Buffer.from(`${JSON.stringify({ inputs, state, digest })}\n`);
  write(bundleFile, Buffer.concat([head, body]));
  return { source, digest };
}

/**
 * Whether files are in a state. To read them all takes a tenth of a short run, so it is kept what they looked like when they
 * were in it: git tells by the same that a file has not changed.
 */
function isStateOf(inputs, state) {
  const now = Date.now();
  const looks = inputs.map(([file]) => fs.statSync(`${root}/${file}`));
  const seen = JSON.stringify([
    state,
    looks.map(({ ino, size, mtimeMs, ctimeMs }) => [ino, size, mtimeMs, ctimeMs]),
  ]);
  if (readSeen() === seen) return true;
  if (stateOf(inputs, readInputs(inputs)) !== state) return false;
  // What changes twice within a tick of the file system's clock looks the same. None that is in use ticks less than every two seconds.
  if (looks.every(({ ctimeMs }) => ctimeMs < now - longestTickMs)) write(seenFile(), seen);
  return true;
}

const longestTickMs = 2000;

function readSeen() {
  try {
    return fs.readFileSync(seenFile(), 'utf8');
  } catch {
    return undefined;
  }
}

/** A digest of files: of their paths and sizes, and of their contents behind each other. */
function stateOf(inputs, contents) {
  return createHash('sha256').update(JSON.stringify(inputs)).update(contents).digest('hex');
}

/** The contents of files behind each other, which takes less time than each by itself. It throws when a size is another. */
function readInputs(inputs) {
  const sizes = inputs.reduce((sum, [, size]) => sum + size, 0);
  const contents = Buffer.allocUnsafe(sizes + 1);
  let end = 0;
  for (const [file, size] of inputs) {
    const open = fs.openSync(path.join(root, file));
    const read = fs.readSync(open, contents, end, size + 1);
    fs.closeSync(open);
    if (read !== size) throw new Error(`${file} has changed`);
    end += size;
  }
  return contents.subarray(0, end);
}

/**
 * Runs a bundle up to the point where one of its entries can be called.
 *
 * @param {Bundle} bundle
 * @returns {{ script: Script, entries: Entries }}
 */
function loadBundle({ source, code }) {
  const script = new Script(source, { filename: bundleFile, ...(code && { cachedData: code }) });
  const module = { exports: {} };
  // The place that the bundle takes for its own: what it looks for from there is found.
  const url = pathToFileURL(path.join(__dirname, 'bundle.js')).href;
  script.runInThisContext()(createRequire(url), module, url);
  return { script, entries: module.exports };
}

/**
 * Keeps what V8 has compiled, functions that were called among it, unless that was there already.
 *
 * @param {Bundle} bundle
 * @param {Script} script
 */
function keepCode({ digest, code }, script) {
  if (code !== undefined && !script.cachedDataRejected) return;
  const made = script.createCachedData();
  write(codeFile, Buffer.concat([Buffer.from(codeDigest(digest, made)), made]));
}

/** V8 holds no more against the source than its length. */
function readCode(bundleDigest) {
  try {
    const content = fs.readFileSync(codeFile);
    const code = content.subarray(64);
    return codeDigest(bundleDigest, code) === content.toString('latin1', 0, 64) ? code : undefined;
  } catch {
    return undefined;
  }
}

function codeDigest(bundleDigest, code) {
  return createHash('sha256').update(bundleDigest).update(code).digest('hex');
}

/**
 * What runs of one bundle keep for later ones: the `Records` of src/cli/records.ts. There is room for a few, and a new one
 * takes the place of an old one.
 *
 * @param {Bundle} bundle
 */
function recordsOf({ digest }) {
  const fileOf = (name) => path.join(folder, `record-${digestOf(name)[0]}`);
  const seal = (name, content) => digestOf(JSON.stringify([digest, process.version, name, content]));
  return {
    read(name) {
      try {
        const text = fs.readFileSync(fileOf(name), 'utf8');
        const content = text.slice(65);
        return text === `${seal(name, content)}\n${content}` ? content : undefined;
      } catch {
        return undefined;
      }
    },
    write: (name, content) => write(fileOf(name), `${seal(name, content)}\n${content}`),
  };
}

/** Folders may share their packages by a link. */
function seenFile() {
  return path.join(folder, `seen-${digestOf(root)[0]}`);
}

function digestOf(content) {
  return createHash('sha256').update(content).digest('hex');
}

/** Moves a file into place as a whole. Where nothing can be written, the next run does the work again. */
function write(file, content) {
  const aside = `${file}.${process.pid}`;
  try {
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(aside, content);
    fs.renameSync(aside, file);
  } catch {
    remove(aside);
  }
}

function remove(file) {
  try {
    fs.rmSync(file, { force: true });
  } catch {
    // Neither can anything be removed there.
  }
}

module.exports = { keepBundle, keepCode, loadBundle, readBundle, recordsOf, root };
