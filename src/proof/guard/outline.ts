import type { Line, PlainDocument } from '../files/plain-yaml.ts';
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

/** Takes the texts of objects, one after the other. */
abstract class Texts {
  constructor(
    protected readonly compared: Compared,
    /** The texts that were seen so far, by their numbers. */
    protected readonly seen: string[],
  ) {}

  protected abstract bracket(token: number): boolean;
  protected abstract literal(text: string): boolean;
  protected abstract unknownText(text: string): boolean;

  /** @returns false where it stopped */
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

/** The tokens of objects. */
export class Outline extends Texts {
  /** Of the texts alone: the lines that they stand on say the rest. */
  readonly texts: Token[] = [];
  /** For each key of the objects, whether it is a text to be named freely. */
  readonly areNames: boolean[] = [];
  /** A text that is equal where the tokens are. Of entries of data that are alike one is enough: nothing counts them. */
  readonly shape: string;
  private readonly all: Token[] = [];

  /**
   * @param documents those that the objects were read from, if they are plain
   * @param before of objects whose texts count as seen
   */
  constructor(
    objects: readonly Mapping[],
    readonly documents: readonly PlainDocument[] | undefined,
    compared: Compared,
    before?: Outline,
  ) {
    super(compared, [...(before?.seen ?? [])]);
    for (const object of objects) this.value(object, '');
    this.shape = JSON.stringify(this.all);
  }

  private value(value: unknown, field: string): void {
    if (typeof value === 'string') this.text(value);
    else if (typeof value !== 'object' || value === null) this.all.push(String(value));
    else if (Array.isArray(value)) this.list(value, field === 'data' || field === 'dataFrom');
    else this.mapping(value as Mapping, field === 'labels' || field === 'annotations' || field === 'data');
  }

  private mapping(value: Mapping, hasNames: boolean): void {
    this.all.push(beginMapping);
    for (const key of Object.keys(value)) {
      this.areNames.push(hasNames);
      if (hasNames) this.text(key);
      else this.all.push(key);
      this.value(value[key], key);
    }
    this.all.push(endMapping);
  }

  private list(items: readonly unknown[], isSet: boolean): void {
    this.all.push(beginList);
    const shapes = new Set<string>();
    for (const item of items) {
      const start = this.all.length;
      this.value(item, '');
      if (!isSet) continue;
      const shape = JSON.stringify(this.all.slice(start));
      if (shapes.has(shape)) this.all.length = start;
      shapes.add(shape);
    }
    this.all.push(endList);
  }

  private put(token: Token): boolean {
    this.all.push(token);
    this.texts.push(token);
    return true;
  }

  protected bracket(token: number): boolean {
    return this.put(token);
  }

  protected literal(literal: string): boolean {
    return this.put({ literal });
  }

  protected unknownText(text: string): boolean {
    const known = this.seen.indexOf(text);
    return this.put(known === -1 ? this.seen.push(text) - 1 : known);
  }
}

/**
 * Says whether documents have the same tokens as others, of which there is an outline, without writing them down: their
 * lines differ in texts alone, each of which stands where it stood there.
 */
export class Follower extends Texts {
  private outline: Pick<Outline, 'texts' | 'areNames'> = { texts: [], areNames: [] };
  private at = 0;
  private atKey = 0;

  constructor(compared: Compared) {
    super(compared, []);
  }

  /** @param count how many of the texts that were seen before count as seen */
  isAlike(documents: readonly PlainDocument[], outline: Outline, count: number): boolean {
    this.outline = outline;
    this.at = 0;
    this.atKey = 0;
    this.seen.length = count;
    const others = outline.documents;
    if (others?.length !== documents.length) return false;
    for (let index = 0; index < documents.length; index++)
      if (!this.areAlike(documents[index]?.lines ?? [], others[index]?.lines ?? [])) return false;
    return true;
  }

  /** How many texts were seen. */
  get count(): number {
    return this.seen.length;
  }

  private areAlike(lines: readonly Line[], others: readonly Line[]): boolean {
    if (lines.length !== others.length) return false;
    for (let index = 0; index < lines.length; index++) {
      const [line, other] = [lines[index] as Line, others[index] as Line];
      if (line !== other && !areLaidOutAlike(line, other)) return false;
      if (line.key !== undefined && !this.key(line.key, other.key)) return false;
      if (line.value !== undefined && !this.text(line.value)) return false;
    }
    return true;
  }

  private key(key: string, other: string | undefined): boolean {
    return this.outline.areNames[this.atKey++] ? this.text(key) : key === other;
  }

  protected bracket(token: number): boolean {
    return this.outline.texts[this.at++] === token;
  }

  protected literal(text: string): boolean {
    const token = this.outline.texts[this.at++];
    return typeof token === 'object' && token.literal === text;
  }

  protected unknownText(text: string): boolean {
    const token = this.outline.texts[this.at++];
    if (token !== this.seen.length) return typeof token === 'number' && this.seen[token] === text;
    if (this.seen.includes(text)) return false;
    this.seen.push(text);
    return true;
  }

  /** Most texts have been seen, and so are none that policies compare others with. */
  protected override text(text: string): boolean {
    const token = this.outline.texts[this.at];
    if (typeof token !== 'number' || token < 0 || token >= this.seen.length) return super.text(text);
    this.at++;
    return this.seen[token] === text;
  }
}

function areLaidOutAlike(one: Line, other: Line): boolean {
  return (
    one.indent === other.indent &&
    one.isItem === other.isItem &&
    (one.key === undefined) === (other.key === undefined) &&
    (one.value === undefined) === (other.value === undefined)
  );
}
