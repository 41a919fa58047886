// Says under which licences the runtime dependencies stand, with all that they bring along, and exits with 1 when one
// of them is not on the list.
//
//   node scripts/licences.mjs
//
// Which packages those are stands in package-lock.json; the licence is the one that each package states itself.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runtimePackages } from './lock-file.mjs';

const allowed = ['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'Apache-2.0'];

/** Packages under another licence, with the reason why we take them all the same. README.md names them. */
const exceptions = {
  // js-yaml's only dependency, for a command of its own that we never start. The licence is that of Python itself.
  argparse: 'Python-2.0',
};

const root = fileURLToPath(new URL('..', import.meta.url));
const runtime = Object.entries(runtimePackages().packages);
const packages = runtime.map(([place, entry]) => statedBy(place, entry)).filter(Boolean);
const refused = packages.filter(({ name, licence }) => !isAllowed(licence) && exceptions[name] !== licence);

for (const { name, version, licence } of refused) console.error(`${name} ${version} is under ${licence}`);
if (refused.length > 0) {
  console.error(`allowed: ${allowed.join(', ')}`);
  process.exitCode = 1;
} else {
  const licences = [...new Set(packages.map(({ licence }) => licence))].sort();
  console.log(`${packages.length} packages at run time, under ${licences.join(', ')}`);
}

/** What an installed package says of itself, or nothing for an optional one that is not for this platform. */
function statedBy(place, { optional, peer }) {
  const file = join(root, place, 'package.json');
  if (!existsSync(file) && (optional || peer)) return undefined;
  const { name, version, license, licenses } = JSON.parse(readFileSync(file, 'utf8'));
  return {
    name,
    version,
    licence: license?.type ?? license ?? licenses?.map(({ type }) => type).join(' OR ') ?? 'none',
  };
}

/**
 * Whether a licence expression of SPDX is met: one side of an OR, both sides of an AND. One with parentheses inside is
 * for a person to read.
 */
function isAllowed(expression) {
  const words = expression.replace(/^\(([^()]*)\)$/, '$1');
  return words
    .split(' OR ')
    .some((side) => side.split(' AND ').every((licence) => allowed.includes(licence)));
}
