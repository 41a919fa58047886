import type { Tag } from '../iam/model.ts';
import { measured } from '../measured.ts';
import type { Shapes } from './shapes.ts';

/**
 * What of tags can make a difference to the policies of a role. Tags with the same keys whose values pass the same
 * comparisons are the same to them, so the policies are asked once about such tags: thousands of secrets differ in the
 * values alone that are compared one by one.
 */
export class TagShapes {
  private readonly known = new Map<string, string>();
  private readonly ofValue = new Map<string, (value: string) => string>();

  /**
   * @param prefixes those of the condition keys by which policies see these tags
   * @param byValue keys, in lower case, of tags whose values are part of the shape
   */
  constructor(
    private readonly shapes: Shapes,
    private readonly prefixes: readonly string[],
    private readonly byValue: ReadonlySet<string>,
  ) {}

  of(tags: readonly Tag[]): string {
    let alike = '';
    for (const { key, value } of tags) alike += this.answers(key)(value);
    const known = this.known.get(alike) ?? this.shapeOf(tags);
    this.known.set(alike, known);
    return known;
  }

  /** A text that is equal for two values of a tag that are the same to every policy. No text is the beginning of another. */
  private answers(key: string): (value: string) => string {
    const known = this.ofValue.get(key) ?? this.answersOf(key);
    this.ofValue.set(key, known);
    return known;
  }

  private answersOf(key: string): (value: string) => string {
    const lower = key.toLowerCase();
    const start = measured(lower);
    if (this.byValue.has(lower)) return (value) => start + measured(value);
    const names = this.prefixes.map((prefix) => `${prefix}/${lower}`);
    return (value) => {
      let answers = start;
      for (const name of names) answers += `${this.shapes.ofValue(name, value)};`;
      return answers;
    };
  }

  private shapeOf(tags: readonly Tag[]): string {
    const context = this.shapes.ofTags(this.prefixes, tags);
    const values = tags
      .map(({ key, value }) => [key.toLowerCase(), value] as const)
      .filter(([key]) => this.byValue.has(key))
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return JSON.stringify([context, values]);
  }
}
