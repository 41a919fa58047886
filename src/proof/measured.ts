import type { Tag } from './iam/model.ts';

/** A text with its length before it, so that two in a row are never taken for two others. */
export function measured(text: string): string {
  return `${text.length}:${text}`;
}

/** The same of a list of texts, with their number before them. */
export function measuredList(texts: readonly string[]): string {
  return `${texts.length};${texts.map(measured).join('')}`;
}

/** The same of tags, in their order. */
export function measuredTags(tags: readonly Tag[]): string {
  let words = `${tags.length};`;
  for (const { key, value } of tags) words += measured(key) + measured(value);
  return words;
}
