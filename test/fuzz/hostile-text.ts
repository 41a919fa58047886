import fc from 'fast-check';

/** Words that an input is made of, and words that break programs. */
const words = [
  ...[
    'version',
    'aws',
    'account',
    'services',
    'name',
    'secrets',
    'regions',
    'clusters',
    'shared',
    'include',
    'keys',
  ],
  ...[
    'us-west-2',
    '"*"',
    '"123456789012"',
    'true',
    'null',
    '~',
    '[]',
    '{}',
    '""',
    '|',
    '>-',
    '&a',
    '*a',
    '<<',
    '!!str',
  ],
  ...[
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    'valueOf',
    '{service}',
    '{cluster.name}',
    '{toString}',
  ],
  ...[
    '\n',
    '  ',
    ': ',
    '- ',
    '[',
    ']',
    '{',
    '}',
    ',',
    '#',
    '---\n',
    '...\n',
    '\t',
    '\u0000',
    '\ufeff',
    '\u2028',
  ],
  ...[
    'AKIAIOSFODNN7EXAMPLE',
    'password',
    'value',
    '█',
    '../..',
    '0x1F',
    '1e999',
    '-0',
    '.nan',
    '9007199254740993',
  ],
];

/** Real inputs that were cut off, of which bytes were changed, or of which words changed places or were replaced. */
export function damaged(seeds: readonly Buffer[]): fc.Arbitrary<Uint8Array> {
  const seed = fc.constantFrom(...seeds);
  const edit = fc.record({ at: fc.nat(), word: fc.constantFrom(...words), other: fc.nat() });
  return fc.oneof(
    fc.tuple(seed, fc.nat()).map(([text, length]) => text.subarray(0, length % (text.length + 1))),
    fc
      .tuple(seed, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 8 }))
      .map(([text, changes]) => withBytes(text, changes)),
    fc
      .tuple(seed, fc.array(edit, { minLength: 1, maxLength: 6 }))
      .map(([text, edits]) => Buffer.from(withWords(String(text), edits))),
  );
}

function withBytes(text: Uint8Array, changes: readonly (readonly [at: number, byte: number])[]): Uint8Array {
  const copy = Uint8Array.from(text);
  for (const [at, byte] of changes) copy[at % copy.length] = byte;
  return copy;
}

function withWords(text: string, edits: readonly { at: number; word: string; other: number }[]): string {
  const tokens = text.match(/\w+|\s+|[^\w\s]/g) ?? [];
  for (const { at, word, other } of edits) {
    const [one, two] = [at % tokens.length, other % tokens.length];
    // Half of the edits swap two words, the other half puts one in.
    if (other % 2 === 0) tokens[one] = word;
    else [tokens[one], tokens[two]] = [tokens[two] ?? '', tokens[one] ?? ''];
  }
  return tokens.join('');
}

/** Bytes of any kind, and texts of the words and signs of inputs in any order. */
export const garbage: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  fc.array(fc.constantFrom(...words), { maxLength: 60 }).map((parts) => Buffer.from(parts.join(''))),
  fc.array(fc.constantFrom(...words), { maxLength: 60 }).map((parts) => Buffer.from(parts.join(' '))),
);

interface Hostile {
  readonly text: () => string;
  readonly accepted?: boolean;
}

/** In a long run the size at which quadratic work takes hours. */
const size = process.env.FUZZ_RUNS === undefined ? 120_000 : 2_000_000;
const head = 'version: 1\naws: { account: "123456789012" }\ndefaults: { regions: [us-west-2] }\n';

function repeated(part: string, before = ''): Hostile {
  return { text: () => before + part.repeat(Math.floor(size / part.length)) };
}

function counted(line: (index: number) => string, before: string): Hostile {
  const count = Math.floor(size / line(10_000).length);
  return { text: () => before + Array.from({ length: count }, (_, index) => line(index)).join('') };
}

/**
 * Texts on which a program that is quadratic in anything takes minutes, and one that keeps everything runs out of memory
 * or stack. The time limit of the tests is what fails then.
 */
export const hostile: Readonly<Record<string, Hostile>> = {
  'open brackets': repeated('['),
  'open braces': repeated('{a: '),
  'nested lists': repeated('- '),
  'nested keys': repeated('? '),
  'indented ever more': counted((index) => `${' '.repeat(Math.min(index, 2000))}a:\n`, ''),
  anchors: repeated('&a '),
  tags: repeated('!a '),
  aliases: repeated(' - *a\n', 'services: &a []\nx:\n'),
  'aliases of nothing': repeated(' - *a\n', 'x:\n'),
  'anchors and aliases': counted((index) => ` - &a${index} v\n - *a${index}\n`, 'x:\n'),
  'an alias bomb': counted(
    (index) => `a${index + 1}: &a${index + 1} [*a${index}, *a${index}]\n`,
    'a0: &a0 [x]\n',
  ),
  'empty documents': repeated('---\n'),
  'documents of open brackets': repeated('--- [\n'),
  directives: repeated('%A b\n'),
  commas: repeated(',', 'a: ['),
  quotes: repeated('"'),
  'wrong escapes': repeated('\\q', 'a: "'),
  'merge conflict marks': repeated('<<<<<<< a\n'),
  // Longer than a regular expression that looks for a run of letters can follow.
  'one long line': { text: () => `a: ${'x'.repeat(9_000_000)}` },
  'line ends': repeated('\n'),
  'carriage returns': repeated('\r'),
  'unknown keys': counted((index) => `k${index}: 1\n`, ''),
  'one key again and again': repeated('a: 1\n'),
  prototypes: repeated('__proto__: { constructor: { prototype: 1 } }\n'),
  'keys that are lists': repeated('? [a]\n: b\n'),
  'clusters that are wrong': counted((index) => ` c${index}: { region: 1 }\n`, `${head}clusters:\n`),
  'services that are wrong': counted(
    (index) => ` - { name: S${index}, secrets: [1] }\n`,
    `${head}services:\n`,
  ),
  'services of one name': repeated(' - { name: a, secrets: [] }\n', `${head}services:\n`),
  'secrets that are numbers': repeated('   - 1\n', `${head}services:\n - name: a\n   secrets:\n`),
  'secrets of one name': repeated('   - a\n', `${head}services:\n - name: a\n   secrets:\n`),
  'many secrets': counted((index) => `   - a${index}\n`, `${head}services:\n - name: a\n   secrets:\n`),
  'regions again and again': repeated(
    '   - us-west-2\n',
    `${head}services:\n - name: a\n   secrets: []\n   regions:\n`,
  ),
  'clusters that are not there': counted(
    (index) => `   - c${index}\n`,
    `${head}clusters: { a: { region: us-west-2 } }\nservices:\n - name: a\n   secrets: []\n   clusters:\n`,
  ),
  'services that are not there': counted(
    (index) => `   - x${index}\n`,
    `${head}services: [{ name: a, secrets: [] }]\nshared:\n - name: x\n   secrets: []\n   services:\n`,
  ),
  'patterns that match nothing': counted((index) => ` - x${index}*.yaml\n`, `${head}include:\n`),
  'access key ids': repeated('- AKIAIOSFODNN7EXAMPLE\n'),
  'private keys without end': repeated('-----BEGIN EXAMPLE PRIVATE KEY-----\n'),
  'half of a token': repeated('eyJaaaaaaaaaaaaaa.'),
  'half of an address': repeated('://a:'),
  'values of secrets': repeated('- password: hunter2\n'),
  'texts that look random': counted((index) => ` - k${index}: x9Kq2LmZ7vR4tB8nW3pQ6yH1\n`, 'x:\n'),
};
