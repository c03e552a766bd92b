/** A queue that gives the smallest first, in logarithmic time. */
export class Heap<Item> {
  readonly #compare: (a: Item, b: Item) => number;
  readonly #items: Item[] = [];

  constructor(compare: (a: Item, b: Item) => number) {
    this.#compare = compare;
  }

  peek(): Item | undefined {
    return this.#items[0];
  }

  push(item: Item): void {
    const items = this.#items;
    let index = items.push(item) - 1;
    for (; index > 0;) {
      const above = (index - 1) >> 1;
      const parent = items[above];
      if (parent === undefined || this.#compare(parent, item) <= 0) break;
      items[index] = parent;
      index = above;
    }
    items[index] = item;
  }

  pop(): Item | undefined {
    const items = this.#items;
    const first = items[0];
    const last = items.pop();
    if (last === undefined || items.length === 0) return first;
    let index = 0;
    for (;;) {
      const below = this.#smallerBelow(index);
      const child = below === undefined ? undefined : items[below];
      if (below === undefined || child === undefined || this.#compare(child, last) >= 0) break;
      items[index] = child;
      index = below;
    }
    items[index] = last;
    return first;
  }

  #smallerBelow(index: number): number | undefined {
    const [left, right] = [this.#items[2 * index + 1], this.#items[2 * index + 2]];
    if (left === undefined) return undefined;
    return right !== undefined && this.#compare(right, left) < 0 ? 2 * index + 2 : 2 * index + 1;
  }
}
