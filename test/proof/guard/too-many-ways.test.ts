import { expect, it } from 'vitest';
import {
  hasTooManyWays,
  haveTooManyWays,
  inWaysOf,
  inWaysPast,
} from '../../../src/proof/guard/conjunctions.ts';
import { requests, store } from './conjunctions.ts';
import { guardOf, policy } from './platform.ts';

/** An expression in which so many names come together with so many others. */
const joined = (count: number, others: number) => {
  const names = (length: number) => JSON.stringify(Array.from({ length }, (_, index) => `n${index}`));
  return `object.metadata.name in ${names(count)} && object.metadata.generateName in ${names(others)}`;
};

it.each([
  [joined(40, 25), false],
  [joined(40, 26), true],
  [`${joined(40, 25)} || object.metadata.name == 'a'`, true],
  [`${joined(40, 26)} ? true : false`, true],
])('too many ways: %#', (expression, isTooMany) => {
  const [read] = guardOf(policy({ validations: [{ expression }] })).policies;
  expect(read && hasTooManyWays(read)).toBe(isTooMany);
  expect(read && inWaysOf(read, requests.creation, store)).toHaveLength(isTooMany ? 0 : 1000);
});

it.each([
  [25, false],
  [26, true],
])('past two validations: 40 ways past the one and %i past the other', (count, isTooMany) => {
  const texts = Array.from({ length: count }, (_, index) => `'n${index}'`);
  const [read] = guardOf(
    policy({
      validations: [{ expression: joined(40, 1) }, { expression: `object.spec.controller in [${texts}]` }],
    }),
  ).policies;
  const refusals = read === undefined ? [] : [0, 1].map((validation) => ({ policy: read, validation }));
  expect(haveTooManyWays(refusals)).toBe(isTooMany);
  expect(inWaysPast(refusals, requests.creation, store)).toHaveLength(isTooMany ? 0 : 1000);
});
