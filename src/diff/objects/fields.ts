import type { FieldChange } from '../model.ts';
import { isMapping, type Mapping } from './objects.ts';

/** Keys that tell the items of a list apart, the likelier ones first. */
const itemKeys = ['secretKey', 'name', 'Sid', 'key', 'Key', 'Name'] as const;

/** Compares two values as data, field by field. A list whose items have names is compared by these. */
export function compareFields(from: unknown, to: unknown, path = ''): FieldChange[] {
  if (isSame(from, to)) return [];
  if (isMapping(from) && isMapping(to)) {
    const keys = new Set([...Object.keys(from), ...Object.keys(to)]);
    return [...keys].flatMap((key) => {
      const at = path === '' ? quoted(key) : `${path}.${quoted(key)}`;
      return compareFields(own(from, key), own(to, key), at);
    });
  }
  if (Array.isArray(from) && Array.isArray(to)) return compareLists(from, to, path);
  return [{ path, ...(from !== undefined && { from }), ...(to !== undefined && { to }) }];
}

function compareLists(from: readonly unknown[], to: readonly unknown[], path: string): FieldChange[] {
  const key = itemKeys.find((name) => hasNames(from, name) && hasNames(to, name));
  if (key !== undefined) {
    const items = compareNamed(from as readonly Mapping[], to as readonly Mapping[], key, path);
    return items.length > 0
      ? items
      : [{ path: `${path} (order)`, from: namesOf(from, key), to: namesOf(to, key) }];
  }
  if (![...from, ...to].every((item) => typeof item === 'string')) return compareByPlace(from, to, path);
  const gone = from.filter((item) => !to.includes(item));
  const come = to.filter((item) => !from.includes(item));
  if (gone.length + come.length === 0) return [{ path: `${path} (order)`, from, to }];
  return [
    ...gone.map((item) => ({ path: `${path}[]`, from: item })),
    ...come.map((item) => ({ path: `${path}[]`, to: item })),
  ];
}

function compareNamed(
  from: readonly Mapping[],
  to: readonly Mapping[],
  key: string,
  path: string,
): FieldChange[] {
  const [before, after] = [from, to].map((items) => new Map(items.map((item) => [item[key], item])));
  const all = new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])]);
  return [...all].flatMap((name) =>
    compareFields(before?.get(name), after?.get(name), `${path}[${key}=${quoted(String(name))}]`),
  );
}

function compareByPlace(from: readonly unknown[], to: readonly unknown[], path: string): FieldChange[] {
  const places = Array.from({ length: Math.max(from.length, to.length) }, (_, index) => index);
  return places.flatMap((index) => compareFields(from[index], to[index], `${path}[${index}]`));
}

/** Whether every item has a name of its own under a key. */
function hasNames(items: readonly unknown[], key: string): boolean {
  const found = namesOf(items, key);
  return found.every((name) => typeof name === 'string') && new Set(found).size === items.length;
}

function namesOf(items: readonly unknown[], key: string): unknown[] {
  return items.map((item) => (isMapping(item) ? own(item, key) : undefined));
}

/** A key with anything in it that could be taken for the path's own signs stands in quotes. */
function quoted(key: string): string {
  return /^[\w-]+$/.test(key) ? key : JSON.stringify(key);
}

function own(mapping: Mapping, key: string): unknown {
  return Object.hasOwn(mapping, key) ? mapping[key] : undefined;
}

function isSame(from: unknown, to: unknown): boolean {
  if (from === to) return true;
  if (typeof from !== 'object' || typeof to !== 'object' || from === null || to === null) return false;
  return JSON.stringify(from) === JSON.stringify(to);
}
