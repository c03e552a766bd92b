/** Items worked on at once. */
const SIDE_BY_SIDE = 10;

/** Works on all items, some of them at once. @returns the results in the order of the items */
export async function sideBySide<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (let begin = 0; begin < items.length; begin += SIDE_BY_SIDE) {
    results.push(...(await Promise.all(items.slice(begin, begin + SIDE_BY_SIDE).map(work))));
  }
  return results;
}
