// Whether two outputs hold the same objects, whatever the order of files, documents and keys, and the comments.
//
//   node bench/compare.mjs one two        each a folder or a file; prints what differs and exits 1
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { loadAll } from 'js-yaml';

/** The objects of a file, or of every file below a folder. */
export function objectsIn(place) {
  const files = statSync(place).isFile() ? [place] : filesBelow(place);
  return files.flatMap((file) => loadAll(readFileSync(file, 'utf8'))).filter((object) => object !== null);
}

function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.path, entry.name));
}

/** How many objects there are, without parsing them: each has its kind at the start of a line. */
export function countObjects(place) {
  const files = statSync(place).isFile() ? [place] : filesBelow(place);
  return files.reduce((sum, file) => sum + (readFileSync(file, 'utf8').match(/^kind: /gm) ?? []).length, 0);
}

/** What is in one list of objects and not, or not the same, in another. Each line names an object. */
export function differences(ours, theirs) {
  const [one, two] = [byName(ours), byName(theirs)];
  return [...new Set([...one.keys(), ...two.keys()])].filter(
    (name) => !isDeepStrictEqual(one.get(name), two.get(name)),
  );
}

function byName(objects) {
  const named = new Map(objects.map((object) => [nameOf(object), object]));
  if (named.size < objects.length) throw new Error('an object stands there twice');
  return named;
}

function nameOf({ apiVersion, kind, metadata: { namespace = '', name } }) {
  return `${apiVersion} ${kind} ${namespace}/${name}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const different = differences(objectsIn(process.argv[2]), objectsIn(process.argv[3]));
  for (const name of different) console.error(`not the same: ${name}`);
  process.exitCode = different.length > 0 ? 1 : 0;
}
