import type { Path } from '../findings/finding.ts';

/** `services[2].secrets[0]` for a path; "the file" for its root. */
export function describe(path: Path): string {
  if (path.length === 0) return 'the file';
  return path
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index > 0 ? '.' : ''}${step}`))
    .join('');
}

/** A value as messages show it: a long text is cut. */
export function quote(value: unknown): string {
  if (Array.isArray(value) && value.length === 0) return 'an empty list';
  if (value !== null && typeof value === 'object') return kindOf(typeName(value));
  const text = String(value);
  return `"${text.length > 60 ? `${text.slice(0, 57)}...` : text}"`;
}

/** What a value is, as the name of its type; `true` and `false` by themselves. */
export function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'boolean') return String(value);
  return typeof value === 'bigint' ? 'number' : typeof value;
}

const kinds: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
  null: 'empty',
};

/** Plain words for the name of a type, or of several with " or " between them. */
export function kindOf(type: string): string {
  return type
    .split(' or ')
    .map((name) => kinds[name] ?? name)
    .join(' or ');
}
