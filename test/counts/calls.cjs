// To be required before a program: counts what it asks of Node.js, and writes the counts as JSON into the file that
// CALLS names when it ends. Files outside the working directory are those of Node.js and of tsx, and do not count.
const crypto = require('node:crypto');
const fs = require('node:fs');
const { syncBuiltinESMExports } = require('node:module');
const path = require('node:path');
const { isMainThread } = require('node:worker_threads');

/** Of the calls that look at a file or a folder, and of those that remove folders, Node.js makes some itself. */
const names = [
  'copyFileSync',
  'linkSync',
  'mkdirSync',
  'mkdtempSync',
  'openSync',
  'readFileSync',
  'renameSync',
].concat(['symlinkSync', 'unlinkSync', 'writeFileSync']);
const here = `${process.cwd()}${path.sep}`;
const { writeFileSync } = fs;
const counts = { 'node:crypto bytes hashed': 0 };

for (const name of names) {
  const original = fs[name];
  const what = `node:fs ${name}`;
  counts[what] = 0;
  fs[name] = (...args) => {
    if (typeof args[0] === 'string' && path.resolve(args[0]).startsWith(here)) counts[what] += 1;
    return Reflect.apply(original, fs, args);
  };
}

const { update } = crypto.Hash.prototype;
crypto.Hash.prototype.update = function (data, ...rest) {
  counts['node:crypto bytes hashed'] += Buffer.byteLength(data);
  return Reflect.apply(update, this, [data, ...rest]);
};

const { hash } = crypto;
if (hash !== undefined)
  crypto.hash = (algorithm, data, ...rest) => {
    counts['node:crypto bytes hashed'] += Buffer.byteLength(data);
    return hash(algorithm, data, ...rest);
  };

syncBuiltinESMExports();
if (isMainThread) process.on('exit', () => writeFileSync(process.env.CALLS, JSON.stringify(counts)));
