import fc from 'fast-check';
import { expect, it } from 'vitest';
import { assignRoles } from '../../src/proof/matrix/guess.ts';
import { runs } from '../support/run-compile.ts';

const assigned = (fitting: Readonly<Record<string, readonly string[]>>) =>
  Object.fromEntries(assignRoles(new Map(Object.entries(fitting))));

it.each([
  ['none fits', { one: [] }, {}],
  ['one fits all', { one: ['a'], two: ['a'], three: [] }, { one: 'a', two: 'a' }],
  ['the likelier one comes first', { one: ['b', 'a'] }, { one: 'b' }],
  ['each fits a cluster of its own', { one: ['a'], two: ['b'] }, { one: 'a', two: 'b' }],
  [
    'one fits both, and the other one the first alone',
    { one: ['a', 'b'], two: ['a'] },
    { one: 'b', two: 'a' },
  ],
  ['three move up', { one: ['a', 'b'], two: ['a', 'c'], three: ['a'] }, { one: 'b', two: 'c', three: 'a' }],
])('%s', (_, fitting, expected) => {
  expect(assigned(fitting)).toEqual(expected);
});

/** The most roles that can have a cluster of their own, found by trying everything. */
function most([roles, ...others]: readonly (readonly string[])[], taken: readonly string[] = []): number {
  if (roles === undefined) return taken.length;
  const choices = roles.filter((role) => !taken.includes(role));
  return Math.max(most(others, taken), ...choices.map((role) => most(others, [...taken, role])));
}

it('as many roles as possible have a cluster, and each cluster has a role that fits', () => {
  const roles = fc
    .subarray(['a', 'b', 'c', 'd'], { minLength: 0 })
    .chain((some) => fc.shuffledSubarray(some));
  fc.assert(
    fc.property(fc.array(roles, { maxLength: 5 }), (fitting) => {
      const found = assignRoles(new Map(fitting.map((one, index) => [String(index), one])));
      expect(new Set(found.values()).size).toBe(most(fitting));
      for (const [index, some] of fitting.entries()) {
        const role = found.get(String(index));
        if (role === undefined) expect(some).toEqual([]);
        else expect(some).toContain(role);
      }
    }),
    runs(300),
  );
});
