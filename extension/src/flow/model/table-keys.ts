import type { TableRow } from "./tables.ts";

/** What a key does in the table: the ways of VS Code's trees and lists. */
export type TableAction =
  | { readonly kind: "move"; readonly key: string }
  | { readonly kind: "open" | "toggle"; readonly row: TableRow };

/** @param page How many rows a page has. */
export function tableAction(
  key: string,
  rows: readonly TableRow[],
  active: string | undefined,
  page: number,
): TableAction | undefined {
  const index = rows.findIndex((row) => row.key === active);
  const row = rows[index];
  const move = (to: number): TableAction | undefined => {
    const target = rows[Math.max(0, Math.min(rows.length - 1, to))];
    return target === undefined ? undefined : { kind: "move", key: target.key };
  };
  switch (key) {
    case "ArrowDown":
      return move(index + 1);
    case "ArrowUp":
      return move(index < 0 ? 0 : index - 1);
    case "PageDown":
      return move(Math.max(index, 0) + page);
    case "PageUp":
      return move(index - page);
    case "Home":
      return move(0);
    case "End":
      return move(rows.length - 1);
    case "ArrowRight":
      return row?.isOpen === false ? { kind: "toggle", row } : undefined;
    case "ArrowLeft": {
      if (row?.isOpen === true) return { kind: "toggle", row };
      const { depth = 0 } = row ?? {};
      const parent = rows.slice(0, Math.max(0, index)).findLast((other) => (other.depth ?? 0) < depth);
      return parent === undefined ? undefined : { kind: "move", key: parent.key };
    }
    case "Enter":
    case " ":
      return row === undefined ? undefined : { kind: row.isOpen === undefined ? "open" : "toggle", row };
    default:
      return undefined;
  }
}
