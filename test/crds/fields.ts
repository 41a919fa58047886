import type { Schema } from '../support/upstream.ts';

/** Path of a field → its own keywords, each as JSON. `[]` is an item of a list, `{}` a value of a map. */
export type Fields = ReadonlyMap<string, Readonly<Record<string, string>>>;

/** Every field of a schema, the paths of `leftOut` and what is below them excepted. */
export function fieldsOf(schema: Schema, leftOut: readonly RegExp[] = [], path = ''): Fields {
  if (leftOut.some((pattern) => pattern.test(path))) return new Map();
  const children: [string, Schema | undefined][] = [
    ...Object.entries(schema.properties ?? {}).map(([name, child]): [string, Schema] => [
      path === '' ? name : `${path}.${name}`,
      child,
    ]),
    [`${path}[]`, schema.items],
    [`${path}{}`, schema.additionalProperties],
  ];
  const below = children.flatMap(([childPath, child]) =>
    child === undefined ? [] : [...fieldsOf(child, leftOut, childPath)],
  );
  return new Map([[path, keywordsOf(schema)], ...below]);
}

/** Descriptions and the messages of rules are our own; everything else counts. Lists compare in any order. */
function keywordsOf(schema: Schema): Record<string, string> {
  const { description, properties, items, additionalProperties, ...keywords } = schema;
  const entries = Object.entries(keywords).map(([name, value]) => [
    name,
    JSON.stringify(comparable(name, value)),
  ]);
  return Object.fromEntries(entries);
}

/** The value of a keyword in the form in which it is compared. */
export function comparable(keyword: string, value: unknown): unknown {
  if (keyword === 'x-kubernetes-validations') return (value as { rule: string }[]).map(({ rule }) => rule);
  if (keyword === 'required' || keyword === 'enum') return [...(value as string[])].sort();
  return value;
}

/**
 * One line for each difference: a field that one of the two does not have, or a keyword with another value.
 * What is below a field that is missing is not told again.
 */
export function compare(ours: Fields, theirs: Fields): string[] {
  const paths = new Set([...ours.keys(), ...theirs.keys()]);
  return [...paths].flatMap((path) => {
    const [our, their] = [ours.get(path), theirs.get(path)];
    const parent = parentOf(path);
    if (!ours.has(parent) || !theirs.has(parent)) return [];
    if (our === undefined) return [`${path}: only upstream`];
    if (their === undefined) return [`${path}: only ours`];
    const keywords = new Set([...Object.keys(our), ...Object.keys(their)]);
    return [...keywords]
      .filter((keyword) => our[keyword] !== their[keyword])
      .map((keyword) => differs(path, keyword, their[keyword]));
  });
}

/** The line for a keyword whose value upstream is another, as JSON; `undefined` when it is absent there. */
export function differs(path: string, keyword: string, upstream: string | undefined): string {
  return `${path}: ${keyword} is ${upstream ?? 'absent'} upstream`;
}

/** The path of the field that a field stands in. */
export function parentOf(path: string): string {
  return path.replace(/(\[\]|\{\}|(^|\.)[^.[\]{}]+)$/, '');
}
