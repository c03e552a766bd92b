import * as l10n from "@vscode/l10n";
import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from "@tanstack/virtual-core";
import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { Row } from "../model/row.ts";
import type { Column } from "./columns.ts";
import { splitter } from "../../webview/view/splitter.ts";

/** As high as a row of VS Code's own lists. */
export const ROW_HEIGHT = 22;

export interface GridState {
  readonly rows: readonly Row[];
  readonly columns: readonly Column[];
  readonly label: string;
  /** The row that keys act on, and the one it is compared with. */
  readonly activeKey: string | undefined;
  readonly markedKey: string | undefined;
  /** All that the source has is held. */
  readonly isWhole: boolean;
  /** What VS Code's context menu is told of a row. */
  readonly contextOf: (row: Row) => string;
  readonly onPick: (row: Row, isExtending: boolean) => void;
  /** A context menu is about to open on the row. */
  readonly onMenu: (row: Row) => void;
  /** The active row was asked for what it leads to. */
  readonly onOpen: () => void;
  readonly onKey: (event: KeyboardEvent) => void;
  readonly onResize: (column: Column, width: number) => void;
}

/** Draws those rows that are in sight, and a few around them. */
export class EventGrid {
  readonly #virtualizer: Virtualizer<HTMLElement, HTMLElement>;
  #element: HTMLElement | null = null;
  /** Where the grid was put last, to tell the user's scrolling from its own. */
  #placed = 0;

  constructor(onScroll: () => void) {
    this.#virtualizer = new Virtualizer<HTMLElement, HTMLElement>({
      count: 0,
      getScrollElement: () => this.#element,
      estimateSize: () => ROW_HEIGHT,
      overscan: 8,
      paddingStart: ROW_HEIGHT,
      scrollToFn: elementScroll,
      observeElementRect,
      observeElementOffset,
      onChange: onScroll,
    });
    this.#virtualizer._didMount();
  }

  /** The first row in sight, and how many pixels of it are scrolled away. */
  get top(): { readonly index: number; readonly offset: number } {
    const scrolled = this.#element?.scrollTop ?? 0;
    const index = Math.floor(scrolled / ROW_HEIGHT);
    return { index, offset: scrolled - index * ROW_HEIGHT };
  }

  /** The first and the last row of which more than half is in sight; the header covers what is above. */
  get inSight(): { readonly first: number; readonly last: number } {
    const { scrollTop = 0, clientHeight = 0 } = this.#element ?? {};
    return {
      first: Math.round(scrollTop / ROW_HEIGHT),
      last: Math.round((scrollTop + clientHeight) / ROW_HEIGHT) - 2,
    };
  }

  /** How many rows are in sight at once. */
  get page(): number {
    return Math.max(1, Math.floor((this.#element?.clientHeight ?? 0) / ROW_HEIGHT) - 1);
  }

  /** Whether the last row is in sight, or nearly. */
  get isAtEnd(): boolean {
    const element = this.#element;
    return element === null || element.scrollHeight - element.scrollTop - element.clientHeight < ROW_HEIGHT;
  }

  /** The user has scrolled up since the grid was put where it was. */
  get isScrolledBack(): boolean {
    return this.#element !== null && this.#element.scrollTop < this.#placed - ROW_HEIGHT / 2 && !this.isAtEnd;
  }

  /** Moves by so many rows, so that what is in sight stays where rows come or go above it. */
  shift(rows: number): boolean {
    return this.#scrollTo((this.#element?.scrollTop ?? 0) + rows * ROW_HEIGHT);
  }

  /** Puts the row at the upper edge, so many pixels of it scrolled away. */
  putOnTop(index: number, offset: number): boolean {
    return this.#scrollTo(index * ROW_HEIGHT + offset);
  }

  scrollToEnd(): boolean {
    return this.#scrollTo(this.#element?.scrollHeight ?? 0);
  }

  /** Moves as little as shows the row. */
  reveal(index: number): void {
    const element = this.#element;
    if (element === null) {
      return;
    }
    const top = index * ROW_HEIGHT;
    const bottom = top + 2 * ROW_HEIGHT - element.clientHeight;
    this.#scrollTo(Math.max(bottom, Math.min(element.scrollTop, top)));
  }

  focus(): void {
    this.#element?.focus();
  }

  /** After the template was drawn. */
  connect(root: HTMLElement): void {
    this.#element = root.querySelector<HTMLElement>(".grid");
    this.#virtualizer._willUpdate();
  }

  template(state: GridState): TemplateResult {
    const { rows, columns, label, activeKey, isWhole, contextOf, onKey } = state;
    this.#virtualizer.setOptions({ ...this.#virtualizer.options, count: rows.length });
    const items = this.#virtualizer.getVirtualItems();
    const active = items.find(({ index }) => rows[index]?.key === activeKey);
    const activeRow = active === undefined ? undefined : rows[active.index];
    return html`<div
      class="grid"
      role="grid"
      tabindex="0"
      aria-label=${label}
      aria-multiselectable="true"
      aria-rowcount=${isWhole ? rows.length + 1 : -1}
      aria-colcount=${columns.length}
      aria-activedescendant=${active === undefined ? nothing : `row-${active.index}`}
      data-vscode-context=${activeRow === undefined ? nothing : contextOf(activeRow)}
      .style=${`--columns: ${columns.map(({ width }) => (width === "rest" ? "minmax(160px, 1fr)" : `${width}px`)).join(" ")}`}
      @keydown=${onKey}
    >
      <div class="row header" role="row" aria-rowindex="1">
        ${columns.map((column) => this.#headerTemplate(column, state))}
      </div>
      <div class="rows" role="rowgroup" .style=${`height: ${rows.length * ROW_HEIGHT}px`}>
        ${repeat(
          items,
          ({ index }) => rows[index]?.key ?? index,
          ({ index, start }) => this.#rowTemplate(index, start - ROW_HEIGHT, state),
        )}
      </div>
    </div>`;
  }

  #headerTemplate(column: Column, { onResize }: GridState): TemplateResult {
    const { width } = column;
    return html`<div class="cell ${column.align}" role="columnheader">
      <span>${column.title}</span>
      ${
        width === "rest"
          ? nothing
          : splitter({
              label: l10n.t("Resize the column {0}", column.title),
              orientation: "vertical",
              value: width,
              min: 40,
              max: 800,
              step: 10,
              valueAt: (event) => event.clientX - leftOf(event),
              onChange: (to) => onResize(column, to),
            })
      }
    </div>`;
  }

  #rowTemplate(index: number, top: number, state: GridState): TemplateResult | typeof nothing {
    const row = state.rows[index];
    if (row === undefined) {
      return nothing;
    }
    const isActive = row.key === state.activeKey;
    const isMarked = row.key === state.markedKey;
    return html`<div
      class="row ${isActive ? "active" : ""} ${isMarked ? "marked" : ""} ${row.link === undefined ? "" : `link ${row.link.state}`}"
      role="row"
      id="row-${index}"
      aria-rowindex=${index + 2}
      aria-selected=${isActive || isMarked}
      data-vscode-context=${state.contextOf(row)}
      .style=${`transform: translateY(${top}px)`}
      @mousedown=${(event: MouseEvent) => {
        if (event.button === 0) state.onPick(row, event.shiftKey || event.ctrlKey || event.metaKey);
      }}
      @contextmenu=${() => state.onMenu(row)}
      @dblclick=${() => state.onOpen()}
    >
      ${state.columns.map(
        (column) => html`<div class="cell ${column.align} ${column.id}" role="gridcell">${column.content(row)}</div>`,
      )}
    </div>`;
  }

  /** Answers whether anything moved. */
  #scrollTo(offset: number): boolean {
    const element = this.#element;
    if (element === null) {
      return false;
    }
    const before = element.scrollTop;
    element.scrollTop = offset;
    // What is drawn next must be what is in sight then; the scroll event comes a frame too late for that.
    this.#virtualizer.scrollOffset = element.scrollTop;
    this.#placed = element.scrollTop;
    return element.scrollTop !== before;
  }
}

function leftOf(event: PointerEvent): number {
  return (event.currentTarget as HTMLElement).parentElement?.getBoundingClientRect().left ?? 0;
}
