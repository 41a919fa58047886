import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** A pattern of the program, and where it first stands. */
interface Written {
  readonly place: string;
  readonly pattern: RegExp;
}

/** A literal stands where a value begins: a slash behind a value divides. */
const literal =
  /(?:[=(,:!&|?[;{]|=>|return)\s*\/((?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\*[\n ])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])*)\/([dgimsuvy]*)/g;

/** Every literal of the sources, each once. */
function patternsOf(folder: string): Written[] {
  const files = readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(?:ts|js|mjs)$/.test(name))
    .sort();
  const all = new Map<string, Written>();
  for (const name of files) {
    const text = readFileSync(path.join(root, folder, name), 'utf8').replace(/^\s*(?:\/\/|\/?\*).*$/gm, '');
    for (const [, source = '', flags = ''] of text.matchAll(literal)) {
      const key = `/${source}/${flags}`;
      if (!all.has(key)) all.set(key, { place: `${folder}/${name}`, pattern: new RegExp(source, flags) });
    }
  }
  return [...all.values()];
}

const written = ['src', 'ci'].flatMap(patternsOf);

/** So long that a step for each pair of characters takes many seconds, and one for each character no time at all. */
const length = 300_000;

/** Signs that patterns of a text are made of, with one that none of them holds. */
const signs = ['a', 'A', '0', '-', '.', '/', ':', ' ', '\n', '\u0000'];

/**
 * Texts on which a pattern takes long if it does on any: what it looks for begins again and again and never ends, or one
 * sign stands where two parts of the pattern could take it.
 */
function* attacks({ source }: RegExp): Generator<string> {
  const plain = source.replace(
    /\\([^\w])|\\\w(?:\{\w+\})?|\(\?<?[:!=]|[()^$+*?|]|\{\d*,?\d*\}/g,
    (_, sign: string | undefined) => sign ?? ' ',
  );
  const words = plain.split(/\s+/).flatMap((word) => word.split(/[[\]]/));
  const own = [...new Set(plain.replace(/\s/g, ''))];
  const beginnings = [
    ...new Set([...words, ...own, ...own.map((sign) => `${sign}a=`), ...own.map((sign) => `${sign}{`)]),
  ];
  for (const unit of new Set([...signs, ...beginnings])) {
    if (unit === '') continue;
    const many = unit.repeat(length / unit.length);
    yield `${many}\u0000`;
    yield `a${many}\na`;
  }
  const prefix = words.find((word) => word !== '') ?? '';
  for (const sign of signs) yield `${prefix}${sign.repeat(length)}\u0000`;
}

describe('a pattern of the program', () => {
  it('is found in the sources', () => {
    expect(written.length).toBeGreaterThan(150);
  });

  // The time limit of a test is what fails when one is not linear.
  it.each(written.map(({ place, pattern }) => [place, String(pattern), pattern] as const))(
    'of %s takes time in proportion to the text: %s',
    { timeout: 5_000 },
    (_, __, pattern) => {
      let tried = 0;
      for (const text of attacks(pattern)) {
        pattern.lastIndex = 0;
        text.replace(pattern, '');
        tried++;
      }
      expect(tried).toBeGreaterThan(2 * signs.length);
    },
  );
});
