import * as l10n from "@vscode/l10n";
import { html, nothing, type TemplateResult } from "lit";
import { formatTime } from "../../webview/view/format.ts";
import type { Way } from "../protocol.ts";
import type { FlowView } from "./flow-view.ts";

/** What the user should know before trusting the drawing: what failed, what was not looked at. */
export function notesTemplate(view: FlowView): TemplateResult {
  const { failure, conversation, connection, shown } = view;
  const isReading = (["read", "links", "course"] as const).some((wanted) => view.isWaitingFor(wanted));
  return html`<div class="progress">
      ${isReading ? html`<vscode-progress-bar aria-label=${l10n.t("Reading…")}></vscode-progress-bar>` : nothing}
    </div>
    <div class="notes" aria-live="polite">
      ${
        connection === "unreachable"
          ? warning(l10n.t("The server does not answer. The panel goes on by itself as soon as it does."))
          : nothing
      }
      ${
        connection === "removed"
          ? warning(l10n.t("The connection was removed. What was read can still be looked at."))
          : nothing
      }
      ${
        shown?.connection.isStopped === true
          ? html`<p class="note warning">
              ${l10n.t("The embedded server is stopped. What was read can still be looked at.")}
              <vscode-button secondary @click=${() => view.post({ kind: "start-server" })}
                >${l10n.t("Start Embedded Server")}</vscode-button
              >
            </p>`
          : nothing
      }
      ${
        failure === undefined
          ? nothing
          : html`<p class="note error">
              ${failure}
              <vscode-button secondary @click=${() => view.read(false)}>${l10n.t("Try Again")}</vscode-button>
            </p>`
      }
      ${conversation === undefined ? nothing : wayNote(view, conversation.way)}
      ${conversation === undefined ? nothing : parkedNotes(conversation.cutParkings, conversation.deniedParkings)}
      ${linksNote(view)} ${courseNote(view)}
    </div>`;
}

function wayNote(view: FlowView, way: Way): TemplateResult | typeof nothing {
  if (way.kind === "index") {
    return html`${
      way.isCut ? warning(l10n.t("The conversation has more events; these are the first of them.")) : nothing
    }${way.gone > 0 ? warning(l10n.t("{0} events of the conversation are gone or may not be seen.", way.gone)) : nothing}`;
  }
  const isWhole = way.before === undefined && way.after === undefined;
  const why =
    way.why === "no-index"
      ? l10n.t("The server keeps no list of this conversation that could be read, so its log was searched.")
      : l10n.t("The server's list of this conversation is behind, so its log was searched, too.");
  return html`<p class="note fact">
    <span>${why} ${reach(way)}</span>
    ${
      isWhole || way.isCut
        ? nothing
        : html`<vscode-button secondary ?disabled=${view.isWaitingFor("read")} @click=${() => view.read(true)}
            >${l10n.t("Look Further")}</vscode-button
          >`
    }
    ${way.isCut ? l10n.t("The conversation may have more events: no more can be shown.") : nothing}
  </p>`;
}

function reach({ looked, before, after }: Way & { kind: "search" }): string {
  if (before === undefined && after === undefined) return l10n.t("All {0} events of it were looked at.", looked);
  if (before === undefined) {
    return l10n.t("{0} events were looked at; what was stored after {1} was not.", looked, formatTime(after ?? 0));
  }
  if (after === undefined) {
    return l10n.t("{0} events were looked at; what was stored before {1} was not.", looked, formatTime(before));
  }
  return l10n.t(
    "{0} events were looked at; what was stored before {1} and after {2} was not.",
    looked,
    formatTime(before),
    formatTime(after),
  );
}

function parkedNotes(cut: readonly string[], denied: readonly string[]): TemplateResult {
  return html`${
    cut.length === 0
      ? nothing
      : warning(l10n.t("Only the newest 1,000 parked messages were looked at of: {0}.", cut.join(", ")))
  }${denied.length === 0 ? nothing : warning(l10n.t("This login may not see the parked messages of: {0}.", denied.join(", ")))}`;
}

function linksNote({ areLinksShown, links }: FlowView): TemplateResult | typeof nothing {
  if (!areLinksShown || links === undefined || links.isWhole) return nothing;
  return warning(l10n.t("{0} links behind the first event were looked at; there are more.", links.looked));
}

function courseNote({ tab, course }: FlowView): TemplateResult | typeof nothing {
  if (tab !== "timeline" || course === undefined || course.isWhole) return nothing;
  return warning(l10n.t("Only the last {0} events of the stream are shown.", course.events.length));
}

function warning(text: string): TemplateResult {
  return html`<p class="note warning">${text}</p>`;
}

/** How much there is, and by which way it was found. */
export function foundText(view: FlowView): string {
  const { conversation, picture } = view;
  if (conversation === undefined || picture === undefined) return "";
  const { events, parkings, way } = conversation;
  const parked = parkings.filter(({ state }) => state === "parked").length;
  return [
    events.length === 1 ? l10n.t("1 event") : l10n.t("{0} events", events.length),
    l10n.t("from {0}", picture.parties.join(", ")),
    ...(parked > 0 ? [l10n.t("{0} parked", parked)] : []),
    way.kind === "index" ? l10n.t("found by {0}", way.stream) : l10n.t("found in the log"),
  ].join(" · ");
}

/** How a search goes on, and the way to end it. */
export function readingTemplate(view: FlowView): TemplateResult | typeof nothing {
  const { progress } = view;
  if (!view.isWaitingFor("read") || progress === undefined) return nothing;
  return html`<span>${l10n.t("Searched {0}, found {1}", progress.looked, progress.found ?? 0)}</span>
    <button type="button" class="text-link" @click=${() => view.stop()}>${l10n.t("Stop")}</button>`;
}
