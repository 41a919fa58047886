import type { Mapping } from '../files/store.ts';

/** What policies compare texts with: as a whole, or a part. */
export interface Compared {
  readonly texts: ReadonlySet<string>;
  readonly parts: RegExp | undefined;
}

/** A text that policies compare others with. */
interface Literal {
  readonly literal: string;
}

/**
 * What objects come to once each text is replaced by where it stood first, but for what policies compare it with: a
 * number stands for a text, or below zero for a bracket; a text for the key of a field, or for what is no text.
 */
type Token = number | string | Literal;

const [beginMapping, endMapping, beginList, endList, beginPieces, endPieces] = [-1, -2, -3, -4, -5, -6];

/** Goes through objects, token by token. */
abstract class Walk {
  constructor(
    protected readonly compared: Compared,
    /** The texts that were seen so far, by their numbers. */
    protected readonly seen: string[],
  ) {}

  protected abstract bracket(token: number): boolean;
  protected abstract key(key: string): boolean;
  protected abstract literal(text: string): boolean;
  protected abstract unknownText(text: string): boolean;

  /** @returns false where it stopped */
  of(value: unknown, field = ''): boolean {
    if (typeof value === 'string') return this.text(value);
    if (typeof value !== 'object' || value === null) return this.key(String(value));
    if (Array.isArray(value)) return this.list(value, field);
    const isNamed = field === 'labels' || field === 'annotations' || field === 'data';
    if (!this.bracket(beginMapping)) return false;
    for (const key of Object.keys(value)) {
      if (!(isNamed ? this.text(key) : this.key(key))) return false;
      if (!this.of((value as Mapping)[key], key)) return false;
    }
    return this.bracket(endMapping);
  }

  protected list(items: readonly unknown[], _field: string): boolean {
    if (!this.bracket(beginList)) return false;
    for (const item of items) if (!this.of(item)) return false;
    return this.bracket(endList);
  }

  protected text(text: string): boolean {
    const { texts, parts } = this.compared;
    if (texts.has(text)) return this.literal(text);
    if (parts === undefined || text.search(parts) === -1) return this.unknownText(text);
    if (!this.bracket(beginPieces)) return false;
    let from = 0;
    for (const { 0: part, index } of text.matchAll(parts)) {
      if (!this.piece(text.slice(from, index)) || !this.literal(part)) return false;
      from = index + part.length;
    }
    return this.piece(text.slice(from)) && this.bracket(endPieces);
  }

  private piece(text: string): boolean {
    if (text === '') return true;
    return this.compared.texts.has(text) ? this.literal(text) : this.unknownText(text);
  }
}

/** Writes down the tokens of objects. */
export class Outline extends Walk {
  readonly tokens: Token[] = [];
  private readonly shaping: Token[] = [];

  constructor(compared: Compared, before: Outline | undefined) {
    super(compared, [...(before?.seen ?? [])]);
  }

  /** A text that is equal where the tokens are. Of entries of data that are alike one is enough: nothing counts them. */
  get shape(): string {
    return JSON.stringify(this.shaping);
  }

  private put(token: Token): boolean {
    this.tokens.push(token);
    this.shaping.push(token);
    return true;
  }

  protected bracket(token: number): boolean {
    return this.put(token);
  }

  protected key(key: string): boolean {
    return this.put(key);
  }

  protected literal(literal: string): boolean {
    return this.put({ literal });
  }

  protected unknownText(text: string): boolean {
    const known = this.seen.indexOf(text);
    return this.put(known === -1 ? this.seen.push(text) - 1 : known);
  }

  protected override list(items: readonly unknown[], field: string): boolean {
    if (field !== 'data' && field !== 'dataFrom') return super.list(items, field);
    this.put(beginList);
    const shapes = new Set<string>();
    for (const item of items) {
      const start = this.shaping.length;
      this.of(item);
      const shape = JSON.stringify(this.shaping.slice(start));
      if (shapes.has(shape)) this.shaping.length = start;
      shapes.add(shape);
    }
    return this.put(endList);
  }
}

/**
 * The tokens of objects.
 *
 * @param before of objects whose texts count as seen
 */
export function outlineOf(objects: readonly unknown[], compared: Compared, before?: Outline): Outline {
  const outline = new Outline(compared, before);
  for (const object of objects) outline.of(object);
  return outline;
}

/** Follows the tokens of outlines through other objects, and stops where these are not alike: that takes no outline. */
export class Follower extends Walk {
  private tokens: readonly Token[] = [];
  private at = 0;

  constructor(compared: Compared) {
    super(compared, []);
  }

  /**
   * Whether objects have the tokens of an outline.
   *
   * @param texts how many of the texts that were seen before count as seen
   */
  isAlike(objects: readonly unknown[], { tokens }: Outline, texts: number): boolean {
    this.tokens = tokens;
    this.at = 0;
    this.seen.length = texts;
    return objects.every((object) => this.of(object)) && this.at === tokens.length;
  }

  /** How many texts were seen. */
  get texts(): number {
    return this.seen.length;
  }

  protected bracket(token: number): boolean {
    return this.tokens[this.at++] === token;
  }

  protected key(key: string): boolean {
    return this.tokens[this.at++] === key;
  }

  protected literal(text: string): boolean {
    const token = this.tokens[this.at++];
    return typeof token === 'object' && token.literal === text;
  }

  protected unknownText(text: string): boolean {
    const token = this.tokens[this.at++];
    if (token !== this.seen.length) return typeof token === 'number' && this.seen[token] === text;
    if (this.seen.includes(text)) return false;
    this.seen.push(text);
    return true;
  }

  /** Most texts have been seen, and so are none that policies compare others with. */
  protected override text(text: string): boolean {
    const token = this.tokens[this.at];
    if (typeof token !== 'number' || token < 0 || token >= this.seen.length) return super.text(text);
    this.at++;
    return this.seen[token] === text;
  }
}
