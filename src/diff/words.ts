/** A sentence in which names stand apart from our own words, so that a format can quote them: names may hold anything. */
export type Words = readonly (string | { readonly name: string })[];

type Value = string | number | Words | Names;

/** Names in a row. */
export interface Names {
  readonly names: readonly string[];
}

/** The most names that a sentence lists. */
const listed = 5;

/** Names as a sentence lists them: the first few, and how many more. Each is said once. */
export function names(all: Iterable<string>): Names {
  return { names: [...new Set(all)] };
}

/** A sentence: what is filled in is a name, a list of names, a number or further words. */
export function words(texts: TemplateStringsArray, ...values: readonly Value[]): Words {
  return texts.flatMap((text, index) => {
    const value = values[index];
    return [...(text === '' ? [] : [text]), ...(value === undefined ? [] : wordsOf(value))];
  });
}

function wordsOf(value: Value): Words {
  if (typeof value === 'string') return [{ name: value }];
  if (typeof value === 'number') return [String(value)];
  if (!('names' in value)) return value;
  const shown = value.names.length > listed + 1 ? value.names.slice(0, listed) : value.names;
  const rest = value.names.length - shown.length;
  return shown.flatMap((name, index) => {
    const isLast = index === shown.length - 1;
    const before = index === 0 ? [] : [isLast && rest === 0 ? ' and ' : ', '];
    return [...before, { name }, ...(isLast && rest > 0 ? [` and ${rest} more`] : [])];
  });
}
