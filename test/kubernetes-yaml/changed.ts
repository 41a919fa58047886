import type { Dice } from '../support/dice.ts';

/** Signs and words that mean something in YAML, to one reader or another. */
const pieces = [
  ...[
    '&a ',
    '*a',
    '! ',
    '!x ',
    '!!str ',
    '!!int ',
    '!!binary ',
    '!!map ',
    '!!null ',
    '!<tag:yaml.org,2002:str> ',
  ],
  ...[
    '|',
    '|-',
    '>',
    '>+',
    '|2',
    '? ',
    ':',
    ': ',
    '-',
    '- ',
    '#',
    ' #',
    '"',
    "'",
    '{',
    '}',
    '[',
    ']',
    ',',
    '@',
    '`',
    '%',
  ],
  ...[' ', '  ', '\t', '\n', '\r\n', '\n\n', '---\n', '--- ', '\n---\n', '\n--- \n', '...\n', '%YAML 1.2\n'],
  ...'~ null true True yes on No 0x1F 0o17 017 1_000 +_1 1.0 .5 1. 1e3 .inf -.INF .nan 2001-01-01 1:30 190:20:30 0b101 +1 -0 00 = <<'.split(
    ' ',
  ),
  ...'9223372036854775808 1e400 123456789012345678901234567890 __proto__ constructor é 😀 \\ \\x41 \\n \\/ \\e'.split(
    ' ',
  ),
  ...[
    '\u00a0',
    '\u0085',
    '\u2028',
    '\ufeff',
    '\0',
    '\x7f',
    '\x1b',
    '<<: ',
    'b: c',
    'b: c\n',
    '? a\n: b\n',
    '1: 2\n',
    '~: x\n',
    '[a]: b\n',
  ],
];

/** A text of YAML, changed in up to three places as luck has it. */
export function changed(text: string, dice: Dice): string {
  return Array.from({ length: 1 + dice.roll(3) }).reduce<string>((now) => dice.pick(ways)(now, dice), text);
}

const piece = (dice: Dice) => dice.pick(pieces);
const linesOf = (text: string) => text.split(/(?<=\n)/);

const ways: readonly ((text: string, dice: Dice) => string)[] = [
  (text, dice) => {
    const at = dice.roll(text.length + 1);
    return text.slice(0, at) + piece(dice) + text.slice(at);
  },
  (text, dice) => {
    const at = dice.roll(text.length + 1);
    return text.slice(0, at) + text.slice(at + 1 + dice.roll(3));
  },
  (text, dice) =>
    atOneOf(text, /(?<=: |- ).*/g, dice, (value) => piece(dice) + (dice.roll(2) === 0 ? value : '')),
  (text, dice) =>
    atOneOf(text, /(?<=^ *)\S+?(?=:)/gm, dice, (key) => piece(dice).trim() + (dice.roll(2) === 0 ? key : '')),
  (text, dice) => atOneOf(text, /^.*\n/gm, dice, (line) => line + dice.pick(linesOf(text))),
  (text, dice) => atOneOf(text, /^.*\n/gm, dice, () => ''),
  (text, dice) => atOneOf(text, /^.*\n/gm, dice, (line) => ` ${line}`),
];

function atOneOf(text: string, pattern: RegExp, dice: Dice, change: (found: string) => string): string {
  const all = [...text.matchAll(pattern)];
  if (all.length === 0) return text;
  const { index, 0: found } = dice.pick(all);
  return text.slice(0, index) + change(found) + text.slice(index + found.length);
}
