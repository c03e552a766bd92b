/** What a key asks of the grid: the ways of VS Code's lists. */
export type GridAction =
  | { readonly kind: "move"; readonly by: number; readonly extends: boolean }
  | { readonly kind: "first" | "last"; readonly extends: boolean }
  | { readonly kind: "begin" | "end" | "open" | "close" | "filter" | "jump" | "back" | "forward" };

export interface Key {
  readonly key: string;
  readonly isShift: boolean;
  /** Ctrl, or Cmd on a Mac. */
  readonly isCtrl: boolean;
  readonly isAlt: boolean;
}

/** @param page How many rows a page has. */
export function actionFor({ key, isShift, isCtrl, isAlt }: Key, page: number): GridAction | undefined {
  if (isAlt) {
    return key === "ArrowLeft" ? { kind: "back" } : key === "ArrowRight" ? { kind: "forward" } : undefined;
  }
  switch (key) {
    case "ArrowDown":
      return { kind: "move", by: 1, extends: isShift };
    case "ArrowUp":
      return { kind: "move", by: -1, extends: isShift };
    case "PageDown":
      return { kind: "move", by: page, extends: isShift };
    case "PageUp":
      return { kind: "move", by: -page, extends: isShift };
    case "Home":
      return isCtrl ? { kind: "begin" } : { kind: "first", extends: isShift };
    case "End":
      return isCtrl ? { kind: "end" } : { kind: "last", extends: isShift };
    case "Enter":
      return { kind: "open" };
    case "Escape":
      return { kind: "close" };
    // Caps lock makes them large.
    case "f":
    case "F":
      return isCtrl ? { kind: "filter" } : undefined;
    case "g":
    case "G":
      return isCtrl ? { kind: "jump" } : undefined;
    default:
      return undefined;
  }
}
