import fc from 'fast-check';

/** Texts that readers of YAML 1.1 or 1.2 take for something else when a writer forgets the quotes. */
export const yamlTraps: readonly string[] = [
  ...['no', 'No', 'NO', 'on', 'off', 'y', 'Y', 'n', 'yes', 'true', 'True', 'false', 'null', 'Null', '~', ''],
  ...[
    '0',
    '-0',
    '+1',
    '0123',
    '08',
    '0o17',
    '0x1F',
    '0b11',
    '1_000',
    '1e3',
    '1E3',
    '1.0',
    '.5',
    '5.',
    '-.5e-3',
  ],
  ...[
    '0_',
    '1_',
    '+_1',
    '_-0',
    '1e_3',
    '+_.5',
    '0_x1',
    '0b_',
    '0x_',
    '-0_7',
    '1.5_',
    '.5_',
    '1_e3',
    '+_1',
    '1__0',
    '.inf',
    '-.INF',
    '.nan',
    '.NaN',
  ],
  ...['12:30:00', '1:30', '190:20:30.15', '2001-01-01', '2001-1-1 0:0:0', '2001-12-14t21:59:43.10-05:00'],
  ...[
    '=',
    '<<',
    '- a',
    '-',
    '--',
    '---',
    '...',
    '--- a',
    'a: b',
    'a:',
    ': a',
    ':',
    '? a',
    '?',
    '#c',
    'a #c',
    'a#c',
  ],
  ...[
    '!a',
    '!!str 1',
    '&a',
    '*a',
    '|',
    '>',
    '|-',
    '%a',
    '@a',
    '`a',
    '[a]',
    '{a: b}',
    '{{ .a }}',
    'a, b',
    ',',
    ']',
    '}',
  ],
  ...[
    "'",
    "''",
    '"',
    "it's",
    '\\',
    '\\n',
    ' ',
    '  a',
    'a ',
    ' a ',
    '\t',
    'a\t',
    '\ta',
    '\n',
    '\n\n',
    'a\n',
    '\na',
    'a\n\n',
  ],
  ...[
    'a\nb',
    'a\n b\n',
    ' a\nb',
    'a \nb',
    'a\r\nb',
    'a\rb',
    '\r',
    'a\n---\nb',
    '#\na',
    'a:\n  - b',
    'a\n\n\nb\n\n',
    '\n {{ .a }}\n ',
    'a\n   ',
  ],
  ...[
    '\u0000',
    '\u0007',
    '\u001b[31m',
    '\u007f',
    '\u0085',
    'a\u0085b',
    '\u00a0',
    '\u2028',
    '\u2029',
    '\ufeff',
    '\ufeffa',
  ],
  ...[
    'é',
    'ключ',
    '名前',
    '🙂',
    '👩‍👩‍👧',
    'e\u0301',
    '\u202eabc',
    '\ufffe',
    '\uffff',
    '\u{10ffff}',
    '\u200b',
  ],
  ...['__proto__x', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', 'prototype', 'x'.repeat(200)],
];

const wholeText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 14 }),
  fc.string({ unit: 'binary', maxLength: 14 }),
  fc.string({ unit: fc.constantFrom(...'01289_+-.:eExXobTZ nNyY'), maxLength: 10 }),
  fc.array(fc.constantFrom(...' \n\t:#-\'"|>a{'), { maxLength: 12 }).map((parts) => parts.join('')),
);

/** Any text at all, traps first. Short, so that none reads like a secret's value. */
export const anyText: fc.Arbitrary<string> = fc.oneof(fc.constantFrom(...yamlTraps), wholeText);

/** Any text but the empty one. */
export const awkwardText: fc.Arbitrary<string> = anyText.map((text) => text || 'no');

/** Any key of a Kubernetes Secret but `__proto__`, which no input may hold. */
export const awkwardKey: fc.Arbitrary<string> = fc
  .oneof(
    fc.constantFrom(...yamlTraps),
    fc.string({ unit: fc.constantFrom(...'abzAZ019-_.eExXob'), maxLength: 10 }),
  )
  .filter((key) => /^(?!\.\.|\.$|__proto__$)[-._a-zA-Z0-9]+$/.test(key));

/** Any DNS-1123 label, of at most 20 characters. */
export const awkwardName: fc.Arbitrary<string> = fc
  .oneof(
    fc.constantFrom(...yamlTraps.map((text) => text.toLowerCase())),
    fc.string({ unit: fc.constantFrom(...'abeoxz0189-'), maxLength: 12 }),
  )
  .filter((name) => /^[a-z0-9]([-a-z0-9]{0,18}[a-z0-9])?$/.test(name));

/** Any text that AWS allows as key or value of a tag, but for one that reads like a password in a URL. */
export const tagText: fc.Arbitrary<string> = fc
  .oneof(
    fc.constantFrom(...yamlTraps),
    fc.string({ unit: fc.constantFrom(...'aZé名0 _.:/=+-@'), maxLength: 10 }),
  )
  .filter((text) => /^(?!aws:|.*:\/\/.*:.*@)[\p{L}\p{N} _.:/=+@-]{1,100}$/iu.test(text));

/** Any such text that a key of a tag may be here: one without spaces around it. */
export const tagKeyText: fc.Arbitrary<string> = tagText.filter((text) => text.trim() === text);
