import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accountOf, arnLike, matchesResource, splitArn } from '../../../src/proof/iam/arn.ts';
import { type Glob, parsePattern, resolve } from '../../../src/proof/iam/pattern.ts';
import { runs } from '../../support/run-compile.ts';

const nowhere = { file: '', start: { line: 1, column: 1 }, end: { line: 1, column: 1 } };

function globOf(text: string): Glob {
  const pattern = parsePattern(text, { wildcards: true, variables: false }, nowhere);
  const glob = 'parts' in pattern ? resolve(pattern, new Map()) : undefined;
  if (glob === undefined) throw new Error(`no pattern: ${text}`);
  return glob;
}

describe('splitArn', () => {
  it.each([
    ['urn:aws:iam::111122223333:role/x', undefined],
    ['', undefined],
    ['arn', undefined],
    ['arn:aws:iam', undefined],
    ['arn:aws:iam::111122223333', undefined],
    ['arn:aws:iam::111122223333:', '111122223333'],
    ['arn:aws:secretsmanager:us-west-2:111122223333:secret:a:b', '111122223333'],
  ])('%s', (text, account) => {
    expect(accountOf(text)).toBe(account);
    expect(splitArn(text)?.join(':')).toBe(account === undefined ? undefined : text);
  });
});

/** Short texts with the characters that matter, so that they match each other often. */
const piece = fc.string({ unit: fc.constantFrom('a', 'b', ':', '*', '?'), maxLength: 4 });
const regexOf = (glob: string) =>
  new RegExp(`^${[...glob].map((one) => (one === '*' ? '.*' : one === '?' ? '.' : one)).join('')}$`, 's');

describe('arnLike', () => {
  it('compares each of the six parts for itself; the last one may hold colons', () => {
    const glob = fc.constantFrom('*', '?', 'a', 'a*', '*a', 'b?', '');
    const value = fc.constantFrom('a', 'ab', 'ba', '');
    const globs = fc.tuple(glob, glob, glob, glob);
    const values = fc.tuple(value, value, value, value);
    let matched = 0;
    fc.assert(
      fc.property(globs, piece, values, piece, (glob, lastGlob, value, last) => {
        const expected =
          glob.every((one, index) => regexOf(one).test(value[index] ?? '')) && regexOf(lastGlob).test(last);
        const pattern = globOf(['arn', ...glob, lastGlob].join(':'));
        expect(arnLike(pattern, ['arn', ...value, last].join(':'))).toBe(expected);
        if (expected) matched++;
      }),
      runs(2000),
    );
    expect(matched).toBeGreaterThan(10);
  });

  it.each([
    ['arn:aws:*:*:1:secret:x', 'arn:aws:a:b:1:secret:x', true],
    ['arn:aws:*:*:1:secret:x', 'arn:aws:a:b:1:secretx', false],
    ['arn:aws:*:*:1:secretx', 'arn:aws:a:b:1:secret:x', false],
    ['arn:aws:iam::1:*', 'arn:aws:iam::1', false],
    ['arn:aws:iam::1:*', 'urn:aws:iam::1:x', false],
  ])('%s, %s: %s', (glob, value, expected) => {
    expect(arnLike(globOf(glob), value)).toBe(expected);
  });
});

describe('matchesResource', () => {
  it('is certain of a * at the end of a part, and of what no wildcard can reach', () => {
    let reached = 0;
    fc.assert(
      fc.property(piece, piece, (tail, resourceTail) => {
        const resource = `arn:${resourceTail.replaceAll(/[*?]/g, 'a')}`;
        const answer = matchesResource(globOf(`arn:${tail}`), resource);
        const whole = regexOf(`arn:${tail}`).test(resource);
        // Where a wildcard took a colon, the glob has fewer of them than the resource.
        const isHeld = tail.split(':').length === resourceTail.split(':').length;
        const isAtEnds = !tail.includes('?') && !/\*[^:]/.test(tail);
        expect(answer).toBe(whole && (isHeld || isAtEnds || undefined));
        if (answer === undefined) reached++;
      }),
      runs(2000),
    );
    expect(reached).toBeGreaterThan(5);
  });

  it.each([
    ['arn:aws:iam?:1:role', 'arn:aws:iam::1:role', undefined],
    ['arn:aws:iam?:1:role', 'arn:aws:iamx:1:role', true],
    ['arn:aws:iam?:1:role', 'arn:aws:iam:::1:role', false],
    ['arn:aws:iam::1:role/?', 'arn:aws:iam::1:role/:', undefined],
    ['arn:aws:a:b:1?1*', 'arn:aws:a:b:111:secret:x', undefined],
    ['arn:aws:a:b:1?1*', 'arn:aws:a:b:111', true],
    ['arn:aws:a:b:111*', 'arn:aws:a:b:111:secret:x', true],
  ])('%s, %s: %s', (glob, resource, expected) => {
    expect(matchesResource(globOf(glob), resource)).toBe(expected);
  });
});
