import { dump, loadAll } from 'js-yaml';
import type { Source } from '../../src/proof/files/model.ts';
import { document } from '../proof/attacks/change.ts';
import { damage, damaged } from '../proof/damage.ts';
import type { Dice as Throws } from '../support/dice.ts';
import { Dice } from '../support/dice.ts';

/**
 * How files of dist are changed.
 *
 * - `node`: something in one file is removed, doubled, renamed, exchanged or altered
 * - `policy`: the same in a role's document, and in every template that holds a copy
 * - `expression`: another operator, name or text in an expression of an admission policy
 * - `exchange`: a value in a file of a service or its secrets becomes what stands there in another such file
 */
export const ways = ['node', 'policy', 'expression', 'exchange'] as const;

/** Changes files by one step after the other. */
export function mutated(
  before: readonly Source[],
  steps: readonly { readonly way: (typeof ways)[number]; readonly seed: number }[],
): { after: readonly Source[]; done: string[] } {
  let after = before;
  const done: string[] = [];
  for (const { way, seed } of steps) {
    const result = by[way](after, new Dice(seed));
    after = result.sources;
    done.push(`${way} ${result.file}: ${result.what}`);
  }
  return { after, done };
}

type Result = ReturnType<typeof damaged>;

const by: Readonly<Record<(typeof ways)[number], (sources: readonly Source[], dice: Throws) => Result>> = {
  node: damaged,
  policy(sources, dice) {
    const { path: file } = dice.pick(sources.filter(({ path }) => path.includes('/roles/')));
    const files = new Map(sources.map(({ path, text }) => [path, text]));
    let what = '';
    const change = document(file, (statements) => {
      const copy = structuredClone([...statements]) as object[];
      what = damage(copy, dice);
      return copy as typeof statements;
    });
    try {
      change(files);
    } catch {
      // An earlier step may have left something that has no statements any more.
      return { sources: [...sources], file, what: 'nothing' };
    }
    return { sources: [...files].map(([path, text]) => ({ path, text })), file, what };
  },
  expression(sources, dice) {
    const hasPolicies = ({ text }: Source) => text.includes('kind: ValidatingAdmissionPolicy\n');
    const platforms = sources.filter((source) => source.path.includes('/platform/') && hasPolicies(source));
    if (platforms.length === 0) return damaged(sources, dice);
    return inYaml(sources, dice.pick(platforms).path, (objects) => {
      const all = objects.flatMap(expressionsIn);
      if (all.length === 0) return 'nothing';
      const chosen = dice.pick(all);
      const after = otherToken(chosen.expression, all.map(({ expression }) => expression).join(' '), dice);
      const what = `${chosen.expression} → ${after}`;
      chosen.expression = after;
      return what;
    });
  },
  exchange(sources, dice) {
    const alike = sources.filter(({ path }) => /\/services\/|\/secrets\//.test(path));
    if (alike.length === 0) return damaged(sources, dice);
    const { path: file, text } = dice.pick(alike);
    const kind = /\/services\/|\/secrets\//.exec(file)?.[0] ?? '';
    const other = dice.pick(alike.filter(({ path }) => path.includes(kind)));
    const values = scalarsIn(parsed(other));
    const change = (data: unknown[]) => {
      const pairs = scalarsIn(data).flatMap((one) =>
        values
          .filter(({ at, holder, key }) => at === one.at && holder[key] !== one.holder[one.key])
          .map(({ holder, key }) => ({ ...one, other: holder[key] })),
      );
      if (pairs.length === 0) return 'nothing';
      const { holder, key, at, other: value } = dice.pick(pairs);
      const what = `${at}: ${String(holder[key])} → ${String(value)}`;
      holder[key] = value;
      return what;
    };
    if (file.endsWith('.yaml')) return inYaml(sources, file, change);
    const data = [JSON.parse(text)];
    const what = change(data);
    return { sources: replaced(sources, file, `${JSON.stringify(data[0], null, 2)}\n`), file, what };
  },
};

function inYaml(sources: readonly Source[], file: string, change: (objects: unknown[]) => string): Result {
  const objects = parsed(sources.find(({ path }) => path === file) ?? { path: file, text: '' });
  const what = change(objects);
  const after = objects.map((one) => `---\n${dump(one, { noRefs: true, lineWidth: -1 })}`).join('');
  return { sources: replaced(sources, file, after), file, what };
}

function parsed({ path, text }: Source): unknown[] {
  return path.endsWith('.yaml') ? loadAll(text) : [JSON.parse(text)];
}

function replaced(sources: readonly Source[], file: string, after: string): Source[] {
  return sources.map((one) => (one.path === file ? { path: file, text: after } : one));
}

interface Scalar {
  readonly holder: Record<string | number, unknown>;
  readonly key: string | number;
  /** Keys on the way; where in a list something stands does not matter. */
  readonly at: string;
}

function scalarsIn(value: unknown, at = ''): Scalar[] {
  if (typeof value !== 'object' || value === null) return [];
  const holder = value as Record<string | number, unknown>;
  const kind = 'kind' in holder ? String(holder.kind) : '';
  const keys = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  return keys.flatMap((key) => {
    const path = typeof key === 'number' ? at : `${at}${kind}/${key}`;
    const inner = holder[key];
    return typeof inner === 'object' ? scalarsIn(inner, path) : [{ holder, key, at: path }];
  });
}

interface HasExpression {
  expression: string;
}

function expressionsIn(value: unknown): HasExpression[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = 'expression' in value && typeof value.expression === 'string' ? [value as HasExpression] : [];
  return [...own, ...Object.values(value).flatMap(expressionsIn)];
}

const tokens = /'(?:[^'\\]|\\.)*'|&&|\|\||[!=<>]=|\w+|\s+|./gs;
const opposites: Readonly<Record<string, readonly string[]>> = {
  '&&': ['||'],
  '||': ['&&'],
  '==': ['!='],
  '!=': ['=='],
  '!': [''],
  '<': ['>='],
  '>': ['<=', '=='],
  '+': ['-'],
  all: ['exists'],
  exists: ['all'],
  startsWith: ['endsWith', 'contains'],
  in: ['=='],
  true: ['false'],
  false: ['true'],
};

/** The same expression with one word or sign replaced by its opposite, or by another of its kind. */
function otherToken(expression: string, all: string, dice: Throws): string {
  const words = expression.match(tokens) ?? [];
  const at = dice.pick(words.map((_, index) => index).filter((index) => words[index]?.trim() !== ''));
  const word = words[at] ?? '';
  const others = (pattern: RegExp) => [...new Set(all.match(pattern) ?? [])];
  const choices =
    opposites[word] ??
    (word.startsWith("'")
      ? [...others(/'(?:[^'\\]|\\.)*'/g), "''", "'x'"]
      : /^\d+$/.test(word)
        ? [String(Number(word) + 1), '0']
        : /^\w+$/.test(word)
          ? others(/\b[a-zA-Z]\w+\b/g)
          : ['', '!', '(', ')', '.?']);
  const different = choices.filter((one) => one !== word);
  const other = different.length > 0 ? dice.pick(different) : word;
  return words.map((one, index) => (index === at ? other : one)).join('');
}
