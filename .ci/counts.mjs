import { appendFileSync } from 'node:fs';

/**
 * Adds to what .ci/run counts, by way of the file that `COUNTS` names; a script that someone runs alone has none.
 *
 * @param {number} passed things that were checked and are right
 * @param {number} failed things that were checked and are wrong
 */
export function addCounts(passed, failed) {
  if (process.env.COUNTS) appendFileSync(process.env.COUNTS, `${passed} ${failed}\n`);
}
