import { safeParse, type z } from 'zod';
import { codeOf } from '../findings/code-of.ts';
import type { Path } from '../findings/finding.ts';
import { nearest } from '../findings/nearest.ts';
import { regions } from '../findings/regions.ts';
import { knownWords, schemaAt } from './schema-tree.ts';

/** The longest text that a better spelling is looked for: nobody compares longer ones by eye. */
const maxLength = 100;

/**
 * The closest spelling that the schema accepts at a path: a known region, one of the words of a closed list, or the text
 * without what it may not hold.
 */
export function nearestValid(schema: z.ZodType, path: Path, value: string): string | undefined {
  if (value === '' || value.length > maxLength) return undefined;
  const isRegion = path.includes('region') || path.includes('regions');
  const words = isRegion ? regions.keys() : knownWords(schema, path);
  const candidates = [nearest(value, words), ...(isRegion ? [] : respelled(value))];
  return firstValid(schema, path, candidates);
}

/** The closest valid spelling of what was written without quotes and read as a number or a boolean, in quotes. */
export function nearestQuoted(schema: z.ZodType, path: Path, written: string): string | undefined {
  const found = firstValid(schema, path, [written, `${written}s`, `${written}.0`]);
  return found === undefined ? undefined : `"${found}"`;
}

/** A text that stands where a list of such texts belongs, as that list. */
export function asList(schema: z.ZodType, path: Path, value: string): string | undefined {
  return firstValid(schema, [...path, 0], [value]) === undefined ? undefined : `[${value}]`;
}

/**
 * The first character that alone makes a text invalid, as its code: one that looks like another, or like nothing.
 *
 * @returns `U+0430`, or undefined when something else is wrong with it
 */
export function stranger(schema: z.ZodType, path: Path, value: string): string | undefined {
  const found = /[^ -~]/u.exec(value)?.[0];
  if (found === undefined || value.length > maxLength) return undefined;
  const plain = ['a', '-'].map((letter) => value.replace(/[^ -~]/gu, letter));
  return firstValid(schema, path, plain) && codeOf(found);
}

/** The name that was meant, in the letters that most names are limited to. */
export function asName(value: string): string {
  return value
    .toLowerCase()
    .replace(/[^a-z0-9.-]+/g, '-')
    .replace(/^[-.]+|(?<![-.])[-.]+$/g, '');
}

function respelled(value: string): string[] {
  const placeholders = value.replace(
    /\$?(?<!\{)\{+\s*\.?([A-Za-z.]+)\s*\}+/g,
    (_, name: string) => `{${name.toLowerCase()}}`,
  );
  // A name made from a placeholder, an address or letters that look alike would be another name.
  const isPlain = /^[ -z]+$/.test(value) && !/^arn:|:\/\//.test(value);
  const number = value.replace(/^\D+/, '');
  const candidates = [
    ...[value.trim(), placeholders, isPlain ? asName(value) : '', value.replace(/^https?:\/\//, '')],
    ...[value.replace(/\s/g, ''), value.replace(/[^0-9]/g, '')],
    ...(number === '' ? [] : [number, `${number}.0`, `${number}s`]),
  ];
  return candidates.filter((text) => nearest(value, [text]) === text || value.endsWith(`://${text}`));
}

function firstValid(
  schema: z.ZodType,
  path: Path,
  candidates: readonly (string | undefined)[],
): string | undefined {
  const part = schemaAt(schema, path);
  return candidates.find((candidate) => part && candidate && safeParse(part, candidate).success);
}
