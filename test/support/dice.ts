/** Random numbers from a seed: the same damage again for the same seed. */
export class Dice {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** From 0 up to but not including `sides`. Source of the formula: mulberry32. */
  roll(sides: number): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % sides;
  }

  /** One of several. */
  pick<Item>(items: readonly Item[]): Item {
    return items[this.roll(items.length)] as Item;
  }
}
