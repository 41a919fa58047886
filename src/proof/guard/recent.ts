/** What is kept at most: what is forgotten has to be made again. */
const most = 16;

/** Keeps some items. Those that were found last are looked at first. */
export class Recent<Item> {
  private readonly items: Item[] = [];

  find(isIt: (item: Item) => boolean): Item | undefined {
    const index = this.items.findIndex(isIt);
    const found = this.items[index];
    if (found !== undefined && index > 0) this.items.unshift(...this.items.splice(index, 1));
    return found;
  }

  add(item: Item): Item {
    this.items.unshift(item);
    this.items.length = Math.min(this.items.length, most);
    return item;
  }
}
