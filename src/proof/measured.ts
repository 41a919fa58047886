/** A text with its length before it, so that two in a row are never taken for two others. */
export function measured(text: string): string {
  return `${text.length}:${text}`;
}

/** The same of a list of texts, with their number before them. */
export function measuredList(texts: readonly string[]): string {
  return `${texts.length};${texts.map(measured).join('')}`;
}
