import { html, nothing, type TemplateResult } from "lit";
import { parseFilter, type FilterProblem } from "../model/filter/parse-filter.ts";
import { keyOf, type Place } from "../model/place.ts";
import type { Row } from "../model/row.ts";
import type { ToView } from "../protocol.ts";
import type { Texts } from "../texts.ts";
import { columnsOf } from "./columns.ts";
import { detailsPane } from "./details-pane.ts";
import { format } from "./format.ts";
import { iconButton } from "./icon-button.ts";
import type { PanelView } from "./panel-view.ts";
import { splitter } from "./splitter.ts";
import { statusTemplate } from "./status.ts";

type Shown = ToView & { kind: "shown" };

/** The whole panel: toolbar, notes, grid and details. */
export function panelTemplate(view: PanelView, shown: Shown): TemplateResult {
  const texts = shown.texts as unknown as Texts;
  const isWide = window.innerWidth >= 1000;
  const share = Math.round(view.detailsShare * 100);
  const panes = view.selection.isDetailsOpen
    ? isWide
      ? `grid-template-columns: minmax(0, ${100 - share}fr) auto minmax(0, ${share}fr)`
      : `grid-template-rows: minmax(0, ${100 - share}fr) auto minmax(0, ${share}fr)`
    : "";
  return html`${toolbar(view, texts)} ${notes(view, texts)}
    <main class="panes" .style=${panes}>
      <div class="events">${gridTemplate(view, shown, texts)}</div>
      ${
        view.selection.isDetailsOpen
          ? [
              splitter({
                label: texts.resizeDetails,
                orientation: isWide ? "vertical" : "horizontal",
                value: 100 - share,
                min: 20,
                max: 85,
                step: 2,
                valueAt: (event) =>
                  100 *
                  (isWide
                    ? event.clientX / window.innerWidth
                    : (event.clientY - topOf(event)) / Math.max(1, window.innerHeight - topOf(event))),
                onChange: (value) => view.resizeDetails(1 - value / 100),
              }),
              details(view, texts),
            ]
          : nothing
      }
    </main>
    ${statusTemplate(view, texts)}`;
}

function toolbar(view: PanelView, texts: Texts): TemplateResult {
  const { problem } = parseFilter(view.filterText);
  const onFilterKey = (event: KeyboardEvent): void => {
    if (event.key === "Enter" || event.key === "ArrowDown") {
      event.preventDefault();
      view.applyFilter();
      view.grid.focus();
    } else if (event.key === "Escape") {
      view.grid.focus();
    }
  };
  return html`<div class="toolbar" role="toolbar" aria-label=${texts.events}>
    ${iconButton({ icon: "arrow-left", label: texts.back, onClick: () => view.step("back"), isDisabled: view.way.back.length === 0 })}
    ${iconButton({ icon: "arrow-right", label: texts.forward, onClick: () => view.step("forward"), isDisabled: view.way.forward.length === 0 })}
    <span class="divider"></span>
    ${iconButton({ icon: "arrow-up", label: texts.toBegin, onClick: () => view.toEdge("start") })}
    ${iconButton({ icon: "arrow-down", label: texts.toEnd, onClick: () => view.toEdge("end") })}
    ${iconButton({ icon: "symbol-number", label: texts.jump, onClick: () => view.jump() })}
    ${iconButton({
      icon: "pulse",
      label: texts.live,
      isPressed: view.browsing.live !== "off",
      onClick: () => view.live.toggle(),
    })}
    ${
      view.browsing.live === "off"
        ? nothing
        : iconButton({
            icon: view.browsing.live === "held" ? "debug-continue" : "debug-pause",
            label: view.browsing.live === "held" ? texts.resume : texts.pause,
            onClick: () => view.live.togglePause(),
          })
    }
    ${iconButton({ icon: "refresh", label: texts.reload, onClick: () => view.reload() })}
    <vscode-textfield
      class="filter"
      label=${texts.filter}
      placeholder=${texts.filterHint}
      .value=${view.filterText}
      ?invalid=${problem !== undefined}
      @input=${(event: InputEvent) => {
        view.filterText = (event.target as HTMLInputElement).value;
        view.draw();
      }}
      @change=${() => view.applyFilter()}
      @keydown=${onFilterKey}
    >
      <span slot="content-before" class="codicon codicon-filter" aria-hidden="true"></span>
    </vscode-textfield>
    ${iconButton({
      icon: "clear-all",
      label: texts.clearFilter,
      isDisabled: view.filterText === "",
      onClick: () => {
        view.filterText = "";
        view.applyFilter();
      },
    })}
  </div>`;
}

function notes(view: PanelView, texts: Texts): TemplateResult {
  const { problem } = parseFilter(view.filterText);
  const { failure } = view.browsing;
  const isSearching = (["before", "after"] as const).some((side) => view.browsing.search(side) !== undefined);
  return html`<div class="progress">
      ${isSearching ? html`<vscode-progress-bar aria-label=${texts.reading}></vscode-progress-bar>` : nothing}
    </div>
    <div class="notes" aria-live="polite">
      ${problem === undefined ? nothing : html`<p class="note error">${problemText(problem, texts)}</p>`}
      ${view.connection === "unreachable" ? html`<p class="note warning">${texts.unreachable}</p>` : nothing}
      ${view.connection === "removed" ? html`<p class="note warning">${texts.removed}</p>` : nothing}
      ${
        failure === undefined || view.connection === "removed"
          ? nothing
          : html`<p class="note error">
              ${failure.kind === "not-found" ? texts.notFound : failure.kind === "deleted" ? texts.deleted : failure.message}
              <vscode-button secondary @click=${() => view.browsing.resume()}>${texts.tryAgain}</vscode-button>
            </p>`
      }
    </div>`;
}

function gridTemplate(view: PanelView, shown: Shown, texts: Texts): TemplateResult {
  const { source, window: held, isFresh, failure, filter } = view.browsing;
  const { rows } = held;
  const columns = columnsOf(
    source,
    rows.some(({ link }) => link !== undefined),
    view.columns,
    texts,
  );
  const isEmpty = rows.length === 0 && !isFresh && failure === undefined && held.start.isReached && held.end.isReached;
  return html`${view.grid.template({
    rows,
    columns,
    texts,
    label: format(texts.newestOf, "all" in source ? "$all" : source.stream),
    activeKey: keyOrNothing(view.selection.active),
    markedKey: keyOrNothing(view.selection.marked),
    isWhole: held.start.isReached && held.end.isReached,
    contextOf: (row) => contextOf(row, shown),
    onPick: (row, isExtending) => {
      view.selection.pick(row.place, isExtending);
      if (!isExtending && !view.selection.isDetailsOpen) {
        view.openDetails();
      }
    },
    onOpen: (row) => {
      const target = row.link?.target;
      if (target !== undefined) {
        view.go({ stream: target.stream }, { revision: target.revision });
      }
    },
    onKey: (event) => view.onKey(event),
    onResize: ({ id }, width) => view.resizeColumn(id, width),
  })}
  ${isEmpty ? html`<p class="empty">${filter === "" ? texts.empty : texts.nothingFits}</p>` : nothing}`;
}

function details(view: PanelView, texts: Texts): TemplateResult {
  const { selection } = view;
  const { active, marked } = selection;
  return detailsPane({
    texts,
    details: selection.details.details,
    lines: selection.details.lines,
    compared: active === undefined || marked === undefined ? undefined : [nameOf(marked), nameOf(active)],
    onClose: () => view.closeDetails(),
    onGoTo: ({ stream, revision }) => view.go({ stream }, { revision }),
    onMoreLines: () => selection.showMoreLines(),
    onCopy: (what) => selection.act(what),
    onOpenInEditor: () => selection.act("edit"),
    onCompare: () => selection.act("compare"),
  });
}

/** What VS Code's context menu hands to its commands. */
function contextOf({ place, link }: Row, { connection }: Shown): string {
  return JSON.stringify({
    webviewSection: "event",
    preventDefaultContextMenuItems: true,
    sluiceIsLink: link?.target !== undefined,
    connectionId: connection.id,
    place,
  });
}

function problemText({ kind, text }: FilterProblem, texts: Texts): string {
  const byKind: Record<FilterProblem["kind"], string> = {
    "unknown-kind": texts.problemKind,
    "no-path": texts.problemPath,
    "no-value": texts.problemValue,
    "no-time": texts.problemTime,
    "unclosed-quote": texts.problemQuote,
  };
  return format(byKind[kind], text);
}

function keyOrNothing(place: Place | undefined): string | undefined {
  return place === undefined ? undefined : keyOf(place);
}

function nameOf(place: Place): string {
  return "revision" in place ? `#${place.revision}` : place.commit;
}

function topOf(event: PointerEvent): number {
  return (event.currentTarget as HTMLElement).parentElement?.getBoundingClientRect().top ?? 0;
}
