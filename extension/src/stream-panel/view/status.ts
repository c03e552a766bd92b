import * as l10n from "@vscode/l10n";
import { html, nothing, type TemplateResult } from "lit";
import type { Place } from "../../events/place.ts";
import { environment } from "../../webview/view/environment.ts";
import type { PanelView } from "./panel-view.ts";

/** The line below the grid: what is in sight, and how a search goes on. */
export function statusTemplate(view: PanelView): TemplateResult {
  const { browsing } = view;
  const search = browsing.search("before") ?? browsing.search("after");
  const isFiltered = browsing.filter !== "";
  const isWhole = browsing.window.start.isReached && browsing.window.end.isReached;
  const found = browsing.window.rows.length;
  const { name = "", color = "" } = view.shown?.connection ?? {};
  return html`<footer class="status">
    <span role="status">
      ${search !== undefined && isFiltered ? l10n.t("Searched {0}, found {1}", count(search.scanned, view), count(found, view)) : nothing}
      ${search === undefined && isFiltered && !browsing.isStopped ? (isWhole ? l10n.t("Found {0}", count(found, view)) : l10n.t("Found {0} so far", count(found, view))) : nothing}
      ${browsing.isStopped ? l10n.t("The search was stopped.") : nothing}
    </span>
    ${
      search !== undefined && isFiltered
        ? html`<button type="button" class="text-link" @click=${() => view.browsing.stop()}>${l10n.t("Stop")}</button>`
        : nothing
    }
    ${
      browsing.isStopped
        ? html`<button type="button" class="text-link" @click=${() => view.browsing.resume()}>
            ${l10n.t("Go On")}
          </button>`
        : nothing
    }
    ${liveTemplate(view)} ${environment(name, color)}
    <span class="place">${truncation(view)}</span>
    <span>${placeText(view)}</span>
  </footer>`;
}

function liveTemplate(view: PanelView): TemplateResult | typeof nothing {
  const { live, figures } = view.browsing;
  if (live === "off") {
    return nothing;
  }
  const perSecond = count(Math.round(view.live.rate.perSecond(performance.now())), view);
  return html`<span class="live ${view.connection === "open" ? live : "lost"}">
      <span class="codicon codicon-circle-filled" aria-hidden="true"></span>
      ${view.connection !== "open" ? l10n.t("Waiting for the server") : live === "held" ? l10n.t("Paused") : l10n.t("Live")}
    </span>
    <span>${l10n.t("{0} arrived, {1} per second", count(figures.arrived, view), perSecond)}</span>
    ${
      live === "held" && figures.held > 0
        ? html`<button type="button" class="text-link" @click=${() => view.live.showHeld()}>
            ${l10n.t("Show {0} new", count(figures.held, view))}
          </button>`
        : nothing
    }`;
}

/** What is in sight, and how far the source goes: `199,900–199,999 of 200,000`. */
function placeText(view: PanelView): string {
  const { rows } = view.browsing.window;
  const { inSight } = view.grid;
  const [first, last] = [rows[inSight.first], rows[Math.min(rows.length - 1, inSight.last)]];
  if (first === undefined || last === undefined) return "";
  const range = numberOf(first.place) === numberOf(last.place) ? [first] : [first, last];
  const shown = range.map(({ place }) => exact(numberOf(place), view)).join("–");
  const newest = [view.newest.place, rows.at(-1)?.place].filter((place) => place !== undefined).map(numberOf);
  const end = newest.reduce((one, other) => (other > one ? other : one), 0n);
  if (view.newest.place === undefined) return shown;
  return "revision" in first.place
    ? l10n.t("{0} of {1}", shown, exact(end + 1n, view))
    : l10n.t("{0} of {1}", shown, exact(end, view));
}

function numberOf(place: Place): bigint {
  return BigInt("revision" in place ? place.revision : place.commit);
}

function exact(value: bigint, { shown }: PanelView): string {
  return new Intl.NumberFormat(shown?.locale ?? "en").format(value);
}

function truncation({ browsing }: PanelView): string {
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
    ? l10n.t("Earlier events were removed: the stream begins at revision {0}.", first.place.revision)
    : "";
}

function count(value: number, { shown }: PanelView): string {
  return new Intl.NumberFormat(shown?.locale ?? "en").format(value);
}
