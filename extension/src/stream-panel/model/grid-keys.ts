/** What a key asks of the grid: the ways of VS Code's lists. What else keys do are commands, so that they can be changed. */
export type GridAction =
  | { readonly kind: "move"; readonly by: number; readonly extends: boolean }
  | { readonly kind: "first" | "last"; readonly extends: boolean }
  | { readonly kind: "begin" | "end" | "open" | "close" };

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
    return undefined;
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
    default:
      return undefined;
  }
}
