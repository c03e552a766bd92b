import * as l10n from "@vscode/l10n";
import { html, nothing, type TemplateResult } from "lit";
import { parseFilter, type FilterProblem } from "../model/filter/parse-filter.ts";
import { keyOf, type Place } from "../../events/place.ts";
import type { Row } from "../model/row.ts";
import type { ToView } from "../protocol.ts";
import type { PanelSource } from "../schemas.ts";
import { columnsOf } from "./columns.ts";
import { detailsPane } from "./details-pane.ts";
import { iconButton } from "../../webview/view/icon-button.ts";
import type { PanelView } from "./panel-view.ts";
import { splitter } from "../../webview/view/splitter.ts";
import { statusTemplate } from "./status.ts";

/** From here on details stand beside the grid, and leave its rows enough of their data to be read. */
const WIDE = 1400;

type Shown = ToView & { kind: "shown" };

/** The whole panel: toolbar, notes, grid and details. */
export function panelTemplate(view: PanelView, shown: Shown): TemplateResult {
  const isWide = window.innerWidth >= WIDE;
  const share = Math.round(view.detailsShare * 100);
  const { selection, browsing } = view;
  // Where nothing is, nothing is known of it.
  const isDetailed = selection.isDetailsOpen && (selection.active !== undefined || browsing.isFresh);
  const panes = isDetailed
    ? isWide
      ? `grid-template-columns: minmax(0, ${100 - share}fr) auto minmax(0, ${share}fr)`
      : `grid-template-rows: minmax(0, ${100 - share}fr) auto minmax(0, ${share}fr)`
    : "";
  return html`${toolbar(view)} ${notes(view)}
    <main class="panes" .style=${panes}>
      <div class="events">${gridTemplate(view, shown)}</div>
      ${
        isDetailed
          ? [
              splitter({
                label: l10n.t("Resize the event's pane"),
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
              details(view),
            ]
          : nothing
      }
    </main>
    ${statusTemplate(view)}`;
}

function toolbar(view: PanelView): TemplateResult {
  const { problem } = parseFilter(view.filterText, Date.now());
  return html`<div class="toolbar" role="toolbar" aria-label=${l10n.t("Events")}>
    ${iconButton({ icon: "arrow-left", label: l10n.t("Back"), onClick: () => view.step("back"), isDisabled: view.way.back.length === 0 })}
    ${iconButton({ icon: "arrow-right", label: l10n.t("Forward"), onClick: () => view.step("forward"), isDisabled: view.way.forward.length === 0 })}
    <span class="divider"></span>
    ${iconButton({ icon: "arrow-up", label: l10n.t("First Events"), onClick: () => view.toEdge("start") })}
    ${iconButton({ icon: "arrow-down", label: l10n.t("Newest Events"), onClick: () => view.toEdge("end") })}
    ${iconButton({ icon: "symbol-number", label: l10n.t("Go to Revision, Position or Time…"), onClick: () => view.post({ kind: "jump", source: view.browsing.source }) })}
    ${iconButton({
      icon: "pulse",
      label: l10n.t("Follow New Events"),
      isPressed: view.browsing.live !== "off",
      onClick: () => view.live.toggle(),
    })}
    ${
      view.browsing.live === "off"
        ? nothing
        : iconButton({
            icon: view.browsing.live === "held" ? "debug-continue" : "debug-pause",
            label: view.browsing.live === "held" ? l10n.t("Go On") : l10n.t("Pause"),
            onClick: () => view.live.togglePause(),
          })
    }
    ${iconButton({ icon: "refresh", label: l10n.t("Read Again"), onClick: () => view.reload() })}
    ${view.filterField.template({
      text: view.filterText,
      problem,
      rows: view.browsing.window.rows,
      onType: (text) => {
        view.filterText = text;
        view.draw();
      },
      onApply: () => view.applyFilter(),
      onLeave: () => view.grid.focus(),
    })}
    ${iconButton({
      icon: "clear-all",
      label: l10n.t("Clear Filter"),
      isDisabled: view.filterText === "",
      onClick: () => {
        view.filterText = "";
        view.applyFilter();
      },
    })}
  </div>`;
}

function notes(view: PanelView): TemplateResult {
  const { problem } = parseFilter(view.filterText, Date.now());
  const { failure } = view.browsing;
  const isSearching = (["before", "after"] as const).some((side) => view.browsing.search(side) !== undefined);
  return html`<div class="progress">
      ${isSearching ? html`<vscode-progress-bar aria-label=${l10n.t("Reading…")}></vscode-progress-bar>` : nothing}
    </div>
    <div class="notes" aria-live="polite">
      ${problem === undefined ? nothing : html`<p class="note error">${problemText(problem)}</p>`}
      ${view.connection === "unreachable" ? html`<p class="note warning">${l10n.t("The server does not answer. The panel goes on by itself as soon as it does.")}</p>` : nothing}
      ${view.connection === "removed" ? html`<p class="note warning">${l10n.t("The connection was removed. What was read can still be looked at.")}</p>` : nothing}
      ${
        view.connection === "stopped"
          ? html`<p class="note warning">
              ${l10n.t("The embedded server is stopped. What was read can still be looked at.")}
              <vscode-button secondary @click=${() => view.post({ kind: "start-server" })}
                >${l10n.t("Start Embedded Server")}</vscode-button
              >
            </p>`
          : nothing
      }
      ${
        failure === undefined || view.connection === "removed" || view.connection === "stopped"
          ? nothing
          : html`<p class="note ${failure.kind === "other" || failure.kind === "no-rights" ? "error" : "fact"}">
              ${failure.kind === "not-found" ? l10n.t("There is no stream of this name yet, or none of its events are left.") : failure.kind === "deleted" ? l10n.t("This stream was deleted for good: its events cannot be read, and it can never be written again.") : failure.message}
              <vscode-button secondary @click=${() => view.browsing.resume()}>${l10n.t("Try Again")}</vscode-button>
            </p>`
      }
    </div>`;
}

function gridTemplate(view: PanelView, shown: Shown): TemplateResult {
  const { source, window: held, isFresh, failure, filter } = view.browsing;
  const { rows } = held;
  const columns = columnsOf(
    source,
    rows.some(({ link }) => link !== undefined),
    view.columns,
  );
  const isEmpty = rows.length === 0 && !isFresh && failure === undefined && held.start.isReached && held.end.isReached;
  return html`${view.grid.template({
    rows,
    columns,
    label: l10n.t("Events of {0}", sourceName(source)),
    activeKey: keyOrNothing(view.selection.active),
    markedKey: keyOrNothing(view.selection.marked),
    isWhole: held.start.isReached && held.end.isReached,
    contextOf: (row) => contextOf(row, view, shown),
    onPick: (row, isExtending) => {
      view.selection.pick(row.place, isExtending);
      if (!isExtending && !view.selection.isDetailsOpen) {
        view.openDetails();
      }
    },
    // Nothing may move while its menu opens: opening the details would put another row beneath it.
    onMenu: (row) => view.selection.turnTo(row.place),
    onOpen: () => view.followLink(),
    onKey: (event) => view.onKey(event),
    onResize: ({ id }, width) => view.resizeColumn(id, width),
  })}
  ${isEmpty ? html`<p class="empty">${filter === "" ? l10n.t("There are no events here.") : l10n.t("No event fits the filter.")}</p>` : nothing}`;
}

function details(view: PanelView): TemplateResult {
  const { selection } = view;
  const { active, marked } = selection;
  return detailsPane({
    details: selection.details.details,
    failure: selection.details.failure,
    lines: selection.details.lines,
    compared: active === undefined || marked === undefined ? undefined : [nameOf(marked), nameOf(active)],
    onClose: () => view.closeDetails(),
    onReadAgain: () => selection.readAgain(),
    onGoTo: ({ stream, revision }) => view.go({ stream }, { revision }),
    onConversation: (id) => view.go({ stream: `$bc-${id}` }, "start"),
    onMoreLines: () => selection.showMoreLines(),
    onCopy: (what) => selection.act(what),
    onOpenInEditor: () => selection.act("edit"),
    onShowFlow: () => selection.act("show-flow"),
    onCompare: () => selection.act("compare"),
  });
}

/** What VS Code's context menu hands to its commands. */
function contextOf({ place, link }: Row, { browsing, selection }: PanelView, { connection }: Shown): string {
  return JSON.stringify({
    webviewSection: "event",
    preventDefaultContextMenuItems: true,
    sluiceIsLink: link?.target !== undefined,
    sluiceIsCompared: selection.marked !== undefined,
    connectionId: connection.id,
    source: browsing.source,
    place,
  });
}

function problemText({ kind, text }: FilterProblem): string {
  switch (kind) {
    case "unknown-kind":
      return l10n.t("“{0}” is none of link, event, broken, json, text, binary, empty.", text);
    case "unknown-word":
      return l10n.t(
        "“{0}” is none of type:, stream:, meta:, is:, after:, before:. Put text with a colon in quotes.",
        text,
      );
    case "no-path":
      return l10n.t(
        "“{0}” is no path such as $.order.lines[0].price with = != < <= > >= ~ behind it. Put text with such signs in quotes.",
        text,
      );
    case "no-value":
      return l10n.t("A value is missing at the end.");
    case "no-time":
      return l10n.t("“{0}” is no time such as 2026-01-31T10:00, 9:30 or -15m.", text);
    case "unclosed-quote":
      return l10n.t("The quote {0} is never closed.", text);
  }
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

function sourceName(source: PanelSource): string {
  return "all" in source ? "$all" : source.stream;
}
