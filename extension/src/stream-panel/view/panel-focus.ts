import type { EventGrid } from "./event-grid.ts";

/** Keeps the focus in the grid where nothing else in the panel has it, and knows where it is. */
export class PanelFocus {
  readonly #root: HTMLElement;
  readonly #grid: EventGrid;
  readonly #onChange: () => void;
  readonly #onCopy: () => void;

  constructor(root: HTMLElement, grid: EventGrid, onChange: () => void, onCopy: () => void) {
    this.#onCopy = onCopy;
    this.#root = root;
    this.#grid = grid;
    this.#onChange = onChange;
  }

  start(): void {
    for (const kind of ["focusin", "focusout"] as const) this.#root.addEventListener(kind, this.#onChange);
    document.addEventListener("selectionchange", this.#onChange);
    window.addEventListener("focus", () => this.settle());
    // In a browser VS Code leaves Ctrl+C to it, and our key for it is never asked; on the desktop this does not come.
    document.addEventListener("copy", (event) => {
      if (!this.isInGrid) return;
      event.preventDefault();
      this.#onCopy();
    });
  }

  /** Whether keys are for the grid's active row: not while a text is selected that Ctrl+C is meant for. */
  get isInGrid(): boolean {
    return (
      document.activeElement?.classList.contains("grid") === true && document.getSelection()?.isCollapsed !== false
    );
  }

  /** When the panel has the focus and none of its parts has: it has just been opened, or what had it is no longer drawn. */
  settle(): void {
    if (document.hasFocus() && document.activeElement === document.body) this.#grid.focus();
  }
}
