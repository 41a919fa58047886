/** A table. Each row has as many cells as the head, which is given as Markdown has it. */
export function table(head: string, rows: readonly (readonly string[])[]): string {
  const line = head.replace(/[^|]+/g, ' --- ');
  return `${[head, line, ...rows.map((cells) => `| ${cells.join(' | ')} |`)].join('\n')}\n`;
}

export function numbered(value: number): string {
  return value.toLocaleString('en');
}

export function bytes(count: number): string {
  return count >= 1e6 ? `${(count / 1e6).toFixed(1)} MB` : `${(count / 1e3).toFixed(1)} kB`;
}

/** Of something a second. */
export function rate(value: number): string {
  return value >= 10 ? numbered(Math.round(value)) : value.toFixed(1);
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;
}
