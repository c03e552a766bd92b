import type { Paint } from "../terminal/paint.ts";

const GAP = "  ";

/** Lines with columns below each other. Pure. @param head names of the columns; none for a list of names and values. */
export function tableText(
  head: readonly string[] | undefined,
  rows: readonly (readonly string[])[],
  paint: Paint,
): readonly string[] {
  const all = head === undefined ? rows : [head, ...rows];
  const widths = all.reduce<readonly number[]>(
    (known, row) => row.map((cell, column) => Math.max(known[column] ?? 0, cell.length)),
    [],
  );
  const line = (row: readonly string[]): string =>
    row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0))).join(GAP);
  return head === undefined ? rows.map(line) : [paint("dim", line(head)), ...rows.map(line)];
}
