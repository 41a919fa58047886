/** A text as CEL writes it. */
export function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/** A list of texts as CEL writes it. */
export function list(texts: readonly string[]): string {
  return `[${texts.map(quote).join(', ')}]`;
}

/** Parts of a text or of a condition, each on a line of its own. */
export function lines(parts: readonly string[], operator: '&&' | '||' | '+'): string {
  return parts.join(` ${operator}\n`);
}
