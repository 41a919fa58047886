/** A text as CEL writes it. */
export function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/** A list of texts as CEL writes it. */
export function list(texts: readonly string[]): string {
  return `[${texts.map(quote).join(', ')}]`;
}

/** The texts of a list in CEL as one text, in words when there is none. */
export function joined(texts: string): string {
  return `(${texts}.size() == 0 ? 'nothing' : ${texts}.join(', '))`;
}

/** Parts of a text or of a condition, each on a line of its own. */
export function lines(parts: readonly string[], operator: '&&' | '||' | '+'): string {
  return parts.join(` ${operator}\n`);
}
