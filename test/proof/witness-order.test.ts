import { describe, expect, it } from 'vitest';
import {
  accepts,
  automatonOf,
  type Glob,
  holdsAll,
  matches,
  next,
  start,
} from '../../src/proof/witness/automaton.ts';
import { type WitnessOptions, witnesses } from '../../src/proof/witness/witnesses.ts';

/** A glob as it is written: `*` and `?`, and `+` and `!` for those that stand for no colon. */
function globOf(written: string): Glob {
  const wildcards: Readonly<Record<string, Glob['parts'][number]>> = {
    '*': { type: 'any' },
    '?': { type: 'one' },
    '+': { type: 'any', withoutColon: true },
    '!': { type: 'one', withoutColon: true },
  };
  const [text = '', flag] = written.split('/');
  const parts = text.split(/([*?+!])/).filter((part) => part !== '');
  return {
    parts: parts.map((part) => wildcards[part] ?? { type: 'text', text: part }),
    ...(flag === 'i' && { ignoreCase: true }),
  };
}

/** Each witness, and which of the globs hold it. */
function found(globs: readonly string[], options: WitnessOptions = {}): string[] {
  return witnesses(globs.map(globOf), options).map(({ text, matches: of }) =>
    [text, ...of.map((one) => (one ? 'yes' : 'no'))].join(' '),
  );
}

describe('witnesses', () => {
  it.each<[string, string[], WitnessOptions, string[]]>([
    ['of nothing', [], {}, ['']],
    ['of nothing, several', [], { copies: 3 }, ['', 'x', 'y']],
    ['of a text', ['a'], {}, [' no', 'a yes']],
    ['of a text, several', ['a'], { copies: 2 }, [' no', 'x no', 'a yes']],
    ['that are preferred', ['a'], { prefer: ['payments', 'orders'] }, ['payments no', 'a yes']],
    ['that are preferred, several', ['a'], { copies: 2, prefer: ['b', 'b'] }, ['b no', ' no', 'a yes']],
    [
      'that are preferred and found again',
      ['a'],
      { copies: 3, prefer: ['x'] },
      ['x no', ' no', 'y no', 'a yes'],
    ],
    ['of a domain', ['a*'], { domain: globOf('??') }, ['xx no', 'ax yes']],
    [
      'of a domain, for two patterns',
      ['a*', 'b*'],
      { domain: globOf('??') },
      ['xx no no', 'ax yes no', 'bx no yes'],
    ],
    ['of a domain that is a text', ['a*'], { domain: globOf('ab') }, ['ab yes']],
    [
      'of a domain, with what is preferred in it',
      ['a*'],
      { domain: globOf('b*'), prefer: ['c', 'bc'] },
      ['bc no'],
    ],
    ['of a text in any case', ['a/i', 'a'], {}, [' no no', 'A yes no', 'a yes yes']],
    ['of a domain in any case', ['a'], { domain: globOf('a/i') }, ['A no', 'a yes']],
    ['of a pattern', ['a*', '*b'], {}, [' no no', 'a yes no', 'b no yes', 'ab yes yes']],
    ['of one character', ['?', 'x'], {}, [' no no', 'y yes no', 'x yes yes']],
    ['without a colon', ['+', '*'], {}, [' yes yes', ': no yes']],
    ['without a colon, one character', ['!', '?'], {}, [' no no', 'x yes yes', ': no yes']],
    ['whose characters have no single other case', ['ß/i'], {}, [' no', 'ß yes']],
    [
      'of characters outside of the first plane',
      ['\u{1F600}', '?'],
      {},
      [' no no', 'x no yes', '\u{1F600} yes yes'],
    ],
    [
      'of a character that is told apart, in another case',
      ['x/i', '?'],
      { copies: 2 },
      [' no no', 'yy no no', 'y no yes', 'z no yes', 'X yes yes', 'x yes yes'],
    ],
  ])('%s', (_, globs, options, expected) => {
    expect(found(globs, options)).toEqual(expected);
  });

  it('of texts in which every usual character stands are made of others', () => {
    const usual = 'xyzwvutsrqponmlkjihgfedcbaXYZ0123456789-_./=@ ';
    const globs: Glob[] = [...usual, '+'].map((text) => ({ parts: [{ type: 'text', text }] }));
    const texts = witnesses([...globs, globOf('?')], { copies: 2 }).map(({ text }) => text);
    expect(texts).toContain('\u0100');
    expect(texts).toContain('\u0101');
    expect(texts).not.toContain('\u0102');
    const both: Glob = { parts: [{ type: 'text', text: '\u0100' }], ignoreCase: true };
    expect(witnesses([...globs, globOf('?'), both]).map(({ text }) => text)).toContain('\u0102');
  });
});

describe('a glob', () => {
  it.each<[string, string, boolean | undefined]>([
    ['a*', 'a', true],
    ['a*', 'ab', true],
    ['a*', 'b', false],
    ['a+', 'a', undefined],
    ['*a', 'a', undefined],
    ['ab', 'a', undefined],
    ['ab', 'abc', false],
    ['A*/i', 'a', true],
    ['*', '', true],
    ['', '', undefined],
  ])('%s of all texts that begin with "%s" says %s', (glob, beginning, answer) => {
    expect(holdsAll(globOf(glob), beginning)).toBe(answer);
  });

  it.each<[string, string, boolean]>([
    ['a*c', 'abc', true],
    ['a*c', 'abcd', false],
    ['a+c', 'a:c', false],
    ['a+c', 'abc', true],
    ['!', ':', false],
    ['?', '\u{1F600}', true],
    ['a*', 'a:b', true],
    ['a*/i', 'AB', true],
    ['', '', true],
    ['', 'a', false],
  ])('%s holds "%s": %s', (glob, text, answer) => {
    expect(matches(globOf(glob), text)).toBe(answer);
  });

  it('is an automaton whose positions follow from the characters', () => {
    const automaton = automatonOf(globOf('a*b'));
    const first = start(automaton);
    expect(first).toEqual([0]);
    const second = next(automaton, first, 'a');
    expect(second).toEqual([1, 2]);
    const third = next(automaton, second, 'b');
    expect(third).toEqual([1, 2, 3]);
    expect([first, second, third].map((one) => accepts(automaton, one))).toEqual([false, false, true]);
    expect(next(automaton, third, 'c')).toEqual([1, 2]);
    expect(next(automaton, first, 'b')).toEqual([]);
  });
});
