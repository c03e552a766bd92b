import * as l10n from "@vscode/l10n";
import { html, nothing, type TemplateResult } from "lit";
import { environment } from "../../webview/view/environment.ts";
import { iconButton } from "../../webview/view/icon-button.ts";
import { splitter } from "../../webview/view/splitter.ts";
import { type Tab, TABS } from "../model/flow-state.ts";
import type { ToView } from "../protocol.ts";
import { drawingTemplate } from "./drawing-template.ts";
import { foundText, notesTemplate, readingTemplate } from "./flow-notes.ts";
import type { FlowPicture } from "./flow-picture.ts";
import type { FlowView } from "./flow-view.ts";
import { stateTemplate } from "./state-template.ts";
import { tableTemplate } from "./table-template.ts";

/** From here on the table stands beside a drawing, and not below it. */
const WIDE = 1000;
/** How much of the panel a drawing takes at most that stands there. */
const MOST_BESIDE = 0.6;

type Shown = ToView & { kind: "shown" };

/** The whole panel: tabs and tools, notes, a drawing with its table, and what was found. */
export function flowTemplate(view: FlowView, shown: Shown): TemplateResult {
  const { picture } = view;
  const { name, color = "" } = shown.connection;
  return html`${toolbar(view, picture)} ${notesTemplate(view)}
    <div class="panes" id="flow-panel" role="tabpanel" aria-labelledby="tab-${view.tab}" .style=${panesStyle(view)}>
      ${picture === undefined ? nothing : panes(view, picture)}
    </div>
    <footer class="status">
      <span role="status">${foundText(view)}</span>
      ${readingTemplate(view)}
      <span class="place"></span>
      ${environment(name, color)}
    </footer>`;
}

function tabNames(): Readonly<Record<Tab, string>> {
  return {
    tree: l10n.t("Tree"),
    sequence: l10n.t("Sequence"),
    timeline: l10n.t("Timeline"),
    table: l10n.t("Table"),
  };
}

function toolbar(view: FlowView, picture: FlowPicture | undefined): TemplateResult {
  const isDrawn = view.tab !== "table";
  const isNothing = picture === undefined;
  return html`<div class="toolbar">
    <div class="tabs" role="tablist" aria-label=${l10n.t("Views of the conversation")} @keydown=${onTabKey(view)}>
      ${TABS.map(
        (tab) =>
          html`<button
            type="button"
            class="tab"
            role="tab"
            id="tab-${tab}"
            aria-selected=${tab === view.tab}
            aria-controls="flow-panel"
            tabindex=${tab === view.tab ? 0 : -1}
            @click=${() => view.show(tab)}
          >
            ${tabNames()[tab]}
          </button>`,
      )}
    </div>
    ${view.tab === "timeline" ? instancePicker(view, picture) : nothing}
    <span class="rest"></span>
    ${iconButton({ icon: "link", label: l10n.t("Show Links"), isPressed: view.areLinksShown, isDisabled: isNothing, onClick: () => view.toggleLinks() })}
    ${iconButton({ icon: "zoom-out", label: l10n.t("Zoom Out"), isDisabled: !isDrawn, onClick: () => view.zoomBy(-1) })}
    ${iconButton({ icon: "zoom-in", label: l10n.t("Zoom In"), isDisabled: !isDrawn, onClick: () => view.zoomBy(1) })}
    ${iconButton({ icon: "copy", label: l10n.t("Copy as Mermaid"), isDisabled: isNothing, onClick: () => view.act("copy-mermaid") })}
    ${iconButton({ icon: "desktop-download", label: l10n.t("Save as SVG…"), isDisabled: isNothing, onClick: () => view.act("save-svg") })}
    ${iconButton({ icon: "refresh", label: l10n.t("Read Again"), onClick: () => view.read(false) })}
  </div>`;
}

/** The ways of tabs: arrows go from one to the next, and it is shown. */
function onTabKey(view: FlowView): (event: KeyboardEvent) => void {
  return (event) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    const tab = TABS[(TABS.indexOf(view.tab) + step + TABS.length) % TABS.length];
    if (step === 0 || tab === undefined) return;
    event.preventDefault();
    view.show(tab);
    document.getElementById(`tab-${tab}`)?.focus();
  };
}

function instancePicker(view: FlowView, picture: FlowPicture | undefined): TemplateResult {
  const instances = picture?.instances ?? [];
  return html`<select
    aria-label=${l10n.t("Stream of the timeline")}
    ?disabled=${instances.length === 0}
    @change=${(event: Event) => view.showInstance((event.target as HTMLSelectElement).value)}
  >
    ${
      instances.length === 0
        ? html`<option>${l10n.t("No stream of an instance")}</option>`
        : instances.map(
            (stream) => html`<option value=${stream} ?selected=${stream === view.instance}>${stream}</option>`,
          )
    }
  </select>`;
}

/** Beside its table a drawing stands where all of its width is in sight. */
function isBeside({ tab, zoom, picture }: FlowView): boolean {
  const { width = 0 } = picture?.drawing(tab) ?? {};
  return window.innerWidth >= WIDE && width * zoom <= window.innerWidth * MOST_BESIDE;
}

function panesStyle(view: FlowView): string {
  const { share, tab } = view;
  if (tab === "table") return "";
  const [first, second] = [Math.round(share * 100), Math.round((1 - share) * 100)];
  return isBeside(view)
    ? `grid-template-columns: minmax(0, ${first}fr) auto minmax(0, ${second}fr)`
    : `grid-template-rows: minmax(0, ${first}fr) auto minmax(0, ${second}fr)`;
}

function panes(view: FlowView, picture: FlowPicture): unknown {
  const { tab } = view;
  const drawing = picture.drawing(tab);
  const active = view.activeKey;
  const name = tabNames()[tab];
  const table = tableTemplate({
    table: picture.table(tab),
    label: l10n.t("Events of the conversation: {0}", name),
    active,
    onKey: (key, page) => view.onTableKey(key, page),
    onTurn: (key) => view.turnTo(key),
    onOpen: (row) => view.openEvent(row),
    onToggle: (row) => view.toggle(row),
  });
  if (drawing === undefined) return html`<div class="beside">${table}</div>`;
  return [
    drawingTemplate({
      drawing,
      label: l10n.t("{0}, drawn; the table beside it says the same", name),
      zoom: view.zoom,
      active,
      onPick: (key) => view.pick(key),
    }),
    splitter({
      label: l10n.t("Resize the drawing"),
      orientation: isBeside(view) ? "vertical" : "horizontal",
      value: Math.round(view.share * 100),
      min: 15,
      max: 85,
      step: 2,
      valueAt: (event) => 100 * shareAt(event, isBeside(view)),
      onChange: (value) => view.resize(value / 100),
    }),
    html`<div class="beside">${table} ${tab === "timeline" ? stateTemplate(view, picture) : nothing}</div>`,
  ];
}

function shareAt(event: PointerEvent, isWide: boolean): number {
  if (isWide) return event.clientX / window.innerWidth;
  const top = (event.currentTarget as HTMLElement).parentElement?.getBoundingClientRect().top ?? 0;
  return (event.clientY - top) / Math.max(1, window.innerHeight - top);
}
