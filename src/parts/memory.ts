import { serialize } from 'node:v8';
import type { DistFile } from '../dist/index.ts';
import { InputMemory } from '../input/memory.ts';
import { sha256 } from '../sha256.ts';
import type { CompiledPart, Part } from './part.ts';
import { type Prover, proverFor, StayingThread } from './provers.ts';

/** What may be other than usual. */
export interface MemoryOptions {
  /** Of a fleet with more files of services and secrets nothing is remembered. */
  readonly mostFiles?: number;
  /** A part has so many tenants, more or less. */
  readonly tenantsInPart?: number;
  /** With so many tenants there is a thread. */
  readonly tenantsWorthThread?: number;
}

/**
 * What a process remembers of its latest run, for the next one: what was read of the input, the parts that were made, and a
 * thread that has read them. Each counts as known only when all that it is made of is the same, to the letter.
 */
export class Memory {
  readonly options: MemoryOptions;
  /** What was read of the input. */
  readonly input: InputMemory = new InputMemory();
  private parts: ReadonlyMap<string, CompiledPart> = new Map();
  private thread: StayingThread | undefined;
  private platform = '';

  constructor(options: MemoryOptions = {}) {
    this.options = options;
  }

  /** Whether a fleet is small enough to be remembered. If it is not, all is forgotten. */
  hasRoomFor({ fleet: { tenants, secrets } }: Part): boolean {
    // Their texts stay in memory, and what the thread has read of them. V8 lets garbage grow with what is in use.
    const { mostFiles = 30_000 } = this.options;
    if (tenants.length + secrets.length <= mostFiles) return true;
    this.end();
    return false;
  }

  /**
   * What a fleet compiles to, one part after the other. What the latest run has made of the same is not made again. Parts that
   * this run does not have are forgotten at its end.
   *
   * @param parts of the whole fleet
   */
  *compiled(
    { fleet, source }: Part,
    parts: Iterable<Part>,
    compile: (part: Part) => CompiledPart,
  ): Iterable<readonly [Part, CompiledPart]> {
    const made = new Map<string, CompiledPart>();
    // Unlike JSON, it leaves out nothing of plain data, which a fleet is.
    const common = sha256(serialize({ ...fleet, tenants: [], secrets: [], source }));
    for (const part of parts) {
      const { tenants, secrets } = part.fleet;
      const key = sha256(serialize({ common, tenants, secrets }));
      const known = this.parts.get(key) ?? compile(part);
      made.set(key, known);
      yield [part, known];
    }
    this.parts = made;
    this.input.items.next();
  }

  /**
   * Who proves the files of so many tenants.
   *
   * @param platform the files that are handed on first
   */
  prover(tenants: number, platform: readonly DistFile[]): Prover {
    const prover = proverFor(tenants, () => this.threadFor(platform), this.options.tenantsWorthThread);
    if (prover !== this.thread) this.endThread();
    return prover;
  }

  /** The thread that has read the latest parts, if that is free and this is the platform by which it has read them. */
  private threadFor(platform: readonly DistFile[]): StayingThread {
    const texts = JSON.stringify(platform);
    if (!this.thread?.isFree || texts !== this.platform) {
      this.thread?.stop();
      this.thread = new StayingThread();
      this.platform = texts;
    }
    return this.thread;
  }

  /** Forgets everything and ends the thread. */
  end(): void {
    this.parts = new Map();
    this.input.items.clear();
    this.endThread();
  }

  private endThread(): void {
    this.thread?.stop();
    this.thread = undefined;
  }
}
