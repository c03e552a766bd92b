import * as l10n from "@vscode/l10n";
import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { Table, TableRow } from "../model/tables.ts";

export interface TableState {
  readonly table: Table;
  readonly label: string;
  readonly active: string | undefined;
  /** Answers whether it does something. @param page how many rows a page has */
  readonly onKey: (key: string, page: number) => boolean;
  /** Made the one that keys act on. */
  readonly onTurn: (key: string) => void;
  /** Shown in its stream. */
  readonly onOpen: (row: TableRow) => void;
  /** Of a group, opened or closed. */
  readonly onToggle: (row: TableRow) => void;
}

/** What the drawing says, as rows that keys move through. */
export function tableTemplate(state: TableState): TemplateResult {
  const { table, label, active } = state;
  const { rows, columns } = table;
  const isTree = rows.some(({ depth }) => depth !== undefined);
  const index = rows.findIndex(({ key }) => key === active);
  const onKey = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const element = event.currentTarget as HTMLElement;
    const rowHeight = element.querySelector<HTMLElement>("tbody>tr")?.offsetHeight ?? 22;
    const page = Math.max(1, Math.floor(element.clientHeight / rowHeight) - 1);
    if (state.onKey(event.key, page)) event.preventDefault();
  };
  return html`<div class="table-scroll">
    <table
      class="flow-table"
      role=${isTree ? "treegrid" : "grid"}
      tabindex="0"
      aria-label=${label}
      aria-rowcount=${rows.length + 1}
      aria-activedescendant=${index < 0 ? nothing : `flow-row-${index}`}
      @keydown=${onKey}
    >
      <thead>
        <tr>
          ${columns.map(({ title, isNumber, isWide }) => html`<th class="${cellClass(isNumber, isWide)}">${title}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${repeat(
          rows,
          ({ key }) => key,
          (row, at) => rowTemplate(row, at, state),
        )}
      </tbody>
    </table>
    ${rows.length === 0 ? html`<p class="note faint">${l10n.t("There are no events here.")}</p>` : nothing}
  </div>`;
}

function rowTemplate(row: TableRow, at: number, { table, active, onTurn, onOpen, onToggle }: TableState) {
  const { key, cells, state, depth, isOpen } = row;
  const isActive = key === active;
  const onClick = (): void => {
    onTurn(key);
    if (isOpen === undefined) onOpen(row);
    else onToggle(row);
  };
  return html`<tr
    id="flow-row-${at}"
    class="${state} ${isActive ? "active" : ""}"
    aria-rowindex=${at + 2}
    aria-selected=${isActive}
    aria-level=${depth === undefined ? nothing : depth + 1}
    aria-expanded=${isOpen ?? nothing}
    @click=${onClick}
  >
    ${cells.map((text, column) => {
      const { isNumber, isWide } = table.columns[column] ?? {};
      const isFirst = column === 0 && depth !== undefined;
      return html`<td class="${cellClass(isNumber, isWide)}" title=${text}>
        ${isFirst ? lead(depth, isOpen) : nothing}${column === 0 ? mark(state) : nothing}${text}
      </td>`;
    })}
  </tr>`;
}

function lead(depth: number, isOpen: boolean | undefined): TemplateResult {
  const icon = isOpen === undefined ? "blank" : isOpen ? "chevron-down" : "chevron-right";
  return html`<span class="indent" .style=${`width: ${depth * 14}px`}></span
    ><span class="codicon codicon-${icon}" aria-hidden="true"></span>`;
}

function mark(state: TableRow["state"]): TemplateResult | typeof nothing {
  if (state === "plain" || state === "faint") return nothing;
  return html`<span class="codicon codicon-${state === "failed" ? "error" : "warning"}" aria-hidden="true"></span>`;
}

function cellClass(isNumber = false, isWide = false): string {
  return `${isNumber ? "number" : ""} ${isWide ? "wide" : ""}`;
}
