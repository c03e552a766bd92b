import { html, nothing, type TemplateResult } from "lit";
import type { Texts } from "../texts.ts";
import { format } from "./format.ts";
import type { PanelView } from "./panel-view.ts";

/** The line below the grid: what is in sight, and how a search goes on. */
export function statusTemplate(view: PanelView, texts: Texts): TemplateResult {
  const { browsing } = view;
  const search = browsing.search("before") ?? browsing.search("after");
  const isFiltered = browsing.filter !== "";
  const found = browsing.window.rows.length;
  return html`<footer class="status">
    <span role="status">
      ${search !== undefined && isFiltered ? format(texts.searched, count(search.scanned, view), count(found, view)) : nothing}
      ${search === undefined && isFiltered && !browsing.isStopped ? format(texts.searchedAll, count(found, view)) : nothing}
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
    <span class="place">${truncation(view, texts)}</span>
  </footer>`;
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
