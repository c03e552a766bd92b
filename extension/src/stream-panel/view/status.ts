import { html, nothing, type TemplateResult } from "lit";
import type { Texts } from "../texts.ts";
import { format } from "./format.ts";
import type { PanelView } from "./panel-view.ts";

/** The line below the grid: what is in sight, and how a search goes on. */
export function statusTemplate(view: PanelView, texts: Texts): TemplateResult {
  const { browsing } = view;
  const search = browsing.search("before") ?? browsing.search("after");
  const isFiltered = browsing.filter !== "";
  const isWhole = browsing.window.start.isReached && browsing.window.end.isReached;
  const found = browsing.window.rows.length;
  return html`<footer class="status">
    <span role="status">
      ${search !== undefined && isFiltered ? format(texts.searched, count(search.scanned, view), count(found, view)) : nothing}
      ${search === undefined && isFiltered && !browsing.isStopped ? format(isWhole ? texts.searchedAll : texts.foundSoFar, count(found, view)) : nothing}
      ${browsing.isStopped ? texts.stopped : nothing}
    </span>
    ${
      search !== undefined && isFiltered
        ? html`<button type="button" class="text-link" @click=${() => view.browsing.stop()}>${texts.stop}</button>`
        : nothing
    }
    ${
      browsing.isStopped
        ? html`<button type="button" class="text-link" @click=${() => view.browsing.resume()}>${texts.goOn}</button>`
        : nothing
    }
    ${liveTemplate(view, texts)}
    <span class="place">${truncation(view, texts)}</span>
  </footer>`;
}

function liveTemplate(view: PanelView, texts: Texts): TemplateResult | typeof nothing {
  const { live, figures } = view.browsing;
  if (live === "off") {
    return nothing;
  }
  const perSecond = count(Math.round(view.live.rate.perSecond(performance.now())), view);
  return html`<span class="live ${live}">
      <span class="codicon codicon-circle-filled" aria-hidden="true"></span>
      ${live === "held" ? texts.held : texts.following}
    </span>
    <span>${format(texts.arrived, count(figures.arrived, view), perSecond)}</span>
    ${
      live === "held" && figures.held > 0
        ? html`<button type="button" class="text-link" @click=${() => view.live.showHeld()}>
            ${format(texts.showHeld, count(figures.held, view))}
          </button>`
        : nothing
    }`;
}

function truncation({ browsing }: PanelView, texts: Texts): string {
  const { source, window: held, filter } = browsing;
  const first = held.rows[0];
  const isTruncated =
    "stream" in source &&
    filter === "" &&
    held.start.isReached &&
    first !== undefined &&
    "revision" in first.place &&
    first.place.revision !== "0";
  return isTruncated && first !== undefined && "revision" in first.place
    ? format(texts.truncated, first.place.revision)
    : "";
}

function count(value: number, { shown }: PanelView): string {
  return new Intl.NumberFormat(shown?.locale ?? "en").format(value);
}
