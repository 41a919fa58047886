import type { Location, Position } from '../../findings/finding.ts';
import type { JsonEntry, JsonNode } from './node.ts';

/**
 * Reads a JSON text that is laid out as `JSON.stringify` does with two spaces, and a line break at its end: the layout
 * says where everything stands, so that no text is looked at twice. Most files of dist are such texts.
 *
 * @returns undefined when it is laid out in any other way, which includes all that is no JSON and every key that stands
 *   twice, or nested deeper than allowed
 */
export function readLaidOut(file: string, text: string, maxDepth: number): JsonNode | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (`${JSON.stringify(value, null, 2)}\n` !== text) return undefined;
    return new Layout(file, maxDepth).node(value, 1, 0);
  } catch {
    return undefined;
  }
}

class Layout {
  private line = 1;

  constructor(
    private readonly file: string,
    private readonly maxDepth: number,
  ) {}

  /** @param column where the value begins on the current line, from 1 */
  node(value: unknown, column: number, depth: number): JsonNode {
    const start = { line: this.line, column };
    if (typeof value !== 'object' || value === null) return this.scalar(value, start);
    if (depth >= this.maxDepth) throw new RangeError('nested too deep');
    const indent = 2 * (depth + 1) + 1;
    if (Array.isArray(value)) {
      const items = value.map((item) => {
        this.line += 1;
        return this.node(item, indent, depth + 1);
      });
      return { type: 'array', items, location: this.closed(start, items.length, indent) };
    }
    const entries = Object.entries(value).map(([key, item]): JsonEntry => {
      this.line += 1;
      const end = indent + JSON.stringify(key).length;
      const location = this.from({ line: this.line, column: indent }, end);
      return { key, value: this.node(item, end + 2, depth + 1), location };
    });
    return { type: 'object', entries, location: this.closed(start, entries.length, indent) };
  }

  private scalar(value: unknown, start: Position): JsonNode {
    const location = this.from(start, start.column + JSON.stringify(value).length);
    if (typeof value === 'string') return { type: 'string', value, location };
    if (typeof value === 'number') return { type: 'number', value, location };
    if (typeof value === 'boolean') return { type: 'boolean', value, location };
    return { type: 'null', location };
  }

  /** The closing bracket stands on a line of its own, unless there is nothing between the two. */
  private closed(start: Position, items: number, indent: number): Location {
    if (items === 0) return this.from(start, start.column + 2);
    this.line += 1;
    return this.from(start, indent - 1);
  }

  private from(start: Position, endColumn: number): Location {
    return { file: this.file, start, end: { line: this.line, column: endColumn } };
  }
}
