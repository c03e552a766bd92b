/** The name that differs least from what was typed; undefined where none is near. */
export function nearest(typed: string, names: readonly string[]): string | undefined {
  let best: { readonly name: string; readonly distance: number } | undefined;
  for (const name of names) {
    const distance = distanceBetween(typed, name);
    if (distance <= Math.max(2, name.length / 3) && distance < (best?.distance ?? Infinity)) best = { name, distance };
  }
  return best?.name;
}

/** How many letters have to be put in, taken out or changed to make one of the other. */
function distanceBetween(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, i) => i);
  for (const [i, letter] of [...one].entries()) {
    const next = [i + 1];
    for (const [j, its] of [...other].entries()) {
      const changed = (row[j] ?? 0) + (letter === its ? 0 : 1);
      next.push(Math.min(changed, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
