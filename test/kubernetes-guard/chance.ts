import type { Dice } from '../support/dice.ts';

/** What a document is made from by chance. Now and then something is not what it should be. */
export class Chance {
  constructor(private readonly dice: Dice) {}

  protected pick<Item>(items: readonly Item[]): Item {
    return this.dice.pick(items);
  }

  /** At least one, and mostly no more. */
  protected several<Item>(most: number, item: () => Item): Item[] {
    return Array.from({ length: 1 + Math.min(this.dice.roll(most), this.dice.roll(most)) }, item);
  }

  /** A field that may be absent. */
  protected maybe(key: string, value: () => unknown): Readonly<Record<string, unknown>> {
    return this.dice.roll(3) === 0 ? { [key]: this.odd(value()) } : {};
  }

  /** Something once in some times, and undefined otherwise. */
  protected rarely<Value>(times: number, value: () => Value): Value | undefined {
    return this.dice.roll(times) === 0 ? value() : undefined;
  }

  /** Mostly the value. */
  protected odd(value: unknown): unknown {
    return this.rarely(120, () => this.pick(oddities)) ?? value;
  }
}

const oddities: readonly unknown[] = [
  ...['', '*', 'a b', 'a/b/c', 'A', 'é', ' ', '-', '.', '%', 'a'.repeat(64), '__proto__', 'true'],
  ...[0, true, {}, [], ['a'], ['*', '*'], [null], [{}], { a: 'b' }, { a: null }],
];
