import * as l10n from "@vscode/l10n";
import { html, nothing, type TemplateResult } from "lit";
import type { LinkTarget } from "../../events/link.ts";
import type { Body, Details, EventDetails } from "../protocol.ts";
import { formatBytes, formatTime } from "../../webview/view/format.ts";
import { iconButton } from "../../webview/view/icon-button.ts";
import { jsonBody } from "../../webview/view/json-body.ts";

export interface DetailsState {
  /** Undefined while it is on its way, null where the event is gone. */
  readonly details: Details | null | undefined;
  /** Why it could not be read. */
  readonly failure: string | undefined;
  /** Lines of a body that are laid out at most. */
  readonly lines: number;
  /** What the two marked rows are called, where there are two. */
  readonly compared: readonly [string, string] | undefined;
  readonly onClose: () => void;
  readonly onReadAgain: () => void;
  readonly onGoTo: (target: LinkTarget) => void;
  /** Shows all that belongs to a correlation id. */
  readonly onConversation: (correlationId: string) => void;
  readonly onMoreLines: () => void;
  readonly onCopy: (what: "id" | "data" | "fixture") => void;
  readonly onOpenInEditor: () => void;
  readonly onShowFlow: () => void;
  readonly onCompare: () => void;
}

/** Everything that is known of one event. */
export function detailsPane(state: DetailsState): TemplateResult {
  const { details, failure, onReadAgain, onClose, onCopy, onOpenInEditor, onShowFlow, compared, onCompare } = state;
  return html`<section class="details" aria-label=${l10n.t("Event")}>
    <header>
      <h2 title=${details?.event.type ?? nothing}>${details?.event.type ?? l10n.t("Event")}</h2>
      ${
        details
          ? [
              iconButton({ icon: "copy", label: l10n.t("Copy Data"), onClick: () => onCopy("data") }),
              iconButton({ icon: "beaker", label: l10n.t("Copy as Test Fixture"), onClick: () => onCopy("fixture") }),
              iconButton({ icon: "go-to-file", label: l10n.t("Open in Editor"), onClick: onOpenInEditor }),
              details.event.correlationId === undefined
                ? nothing
                : iconButton({ icon: "type-hierarchy-sub", label: l10n.t("Show Flow"), onClick: onShowFlow }),
            ]
          : nothing
      }
      ${iconButton({ icon: "close", label: l10n.t("Close"), onClick: onClose })}
    </header>
    ${
      compared === undefined
        ? nothing
        : html`<div class="note">
            <vscode-button icon="diff" @click=${onCompare}
              >${l10n.t("Compare {0} with {1}", ...compared)}</vscode-button
            >
          </div>`
    }
    ${
      failure !== undefined
        ? html`<p class="note error">
            ${failure}
            <vscode-button secondary @click=${onReadAgain}>${l10n.t("Try Again")}</vscode-button>
          </p>`
        : details === undefined
          ? html`<p class="note">${l10n.t("Reading…")}</p>`
          : details === null
            ? html`<p class="note">${l10n.t("This event is gone.")}</p>`
            : html`${linkNote(details, state)}${factsTemplate(details.event, state)}
              ${bodyTemplate(l10n.t("Data"), details.event.data, state)}
              ${bodyTemplate(l10n.t("Metadata"), details.event.metadata, state)}`
    }
  </section>`;
}

function linkNote({ link }: Details, { onGoTo }: DetailsState): TemplateResult | typeof nothing {
  if (link === undefined) {
    return nothing;
  }
  const { target } = link;
  const name = target === undefined ? "?" : `${target.revision}@${target.stream}`;
  return html`<div class="note link-note">
    <span class="codicon codicon-${link.state === "broken" ? "warning" : "link"}" aria-hidden="true"></span>
    <span
      >${link.state === "broken" ? l10n.t("Leads to {0}, which is gone or may not be seen", name) : l10n.t("Link {0} of {1} leads to {2}", link.revision, link.stream, name)}</span
    >
    ${
      target === undefined
        ? nothing
        : html`<vscode-button secondary @click=${() => onGoTo(target)}>${l10n.t("Go to the Original")}</vscode-button>`
    }
  </div>`;
}

function factsTemplate(event: EventDetails, { onGoTo, onCopy, onConversation }: DetailsState): TemplateResult {
  const { stream, revision } = event;
  const open = html`<button type="button" class="text-link" @click=${() => onGoTo({ stream, revision })}>
    ${stream}
  </button>`;
  const id = html`<code>${event.id}</code
    >${iconButton({ icon: "copy", label: l10n.t("Copy Id"), onClick: () => onCopy("id") })}`;
  const facts: readonly (readonly [string, TemplateResult | string])[] = [
    [l10n.t("Stream"), open],
    [l10n.t("Revision"), revision],
    [l10n.t("Position"), event.position],
    [l10n.t("Created"), html`<span title=${new Date(event.created).toISOString()}>${formatTime(event.created)}</span>`],
    [l10n.t("Id"), id],
    ...(event.correlationId === undefined
      ? []
      : ([[l10n.t("Correlation"), conversation(event.correlationId, onConversation)]] as const)),
    ...(event.causationId === undefined
      ? []
      : ([[l10n.t("Causation"), html`<code>${event.causationId}</code>`]] as const)),
    [l10n.t("Written as"), event.isJson ? l10n.t("JSON") : l10n.t("Bytes")],
  ];
  return html`<dl class="facts">
    ${facts.map(
      ([name, value]) =>
        html`<dt>${name}</dt>
          <dd>${value}</dd>`,
    )}
  </dl>`;
}

function conversation(id: string, onConversation: DetailsState["onConversation"]): TemplateResult {
  return html`<button
    type="button"
    class="text-link"
    title=${l10n.t("Show the events of this conversation")}
    @click=${() => onConversation(id)}
  >
    <code>${id}</code>
  </button>`;
}

function bodyTemplate(title: string, body: Body, state: DetailsState): TemplateResult {
  const { lines, onMoreLines, onOpenInEditor } = state;
  const heading = html`<h3>${title} <span class="faint">${formatBytes(body.size)}</span></h3>`;
  if (body.content === "empty") {
    return html`${heading}
      <p class="note faint">${l10n.t("Nothing")}</p>`;
  }
  const { problem } = body;
  const json = body.content === "json" && problem === undefined ? jsonBody(body.text, lines) : undefined;
  return html`${heading} ${json?.template ?? html`<pre class="body" tabindex="0">${body.text}</pre>`}
  ${
    json !== undefined && json.hiddenLines > 0
      ? html`<vscode-button secondary @click=${onMoreLines}
          >${l10n.t("Show {0} More Lines", json.hiddenLines)}</vscode-button
        >`
      : nothing
  }
  ${
    problem === undefined
      ? nothing
      : html`<p class="note warning">${l10n.t("This was written as JSON and is none: {0}", problem)}</p>`
  }
  ${
    body.isCut
      ? html`<p class="note">
          ${l10n.t("{0} of {1} are shown.", formatBytes(body.shown), formatBytes(body.size))}
          <vscode-button secondary @click=${onOpenInEditor}>${l10n.t("Open in Editor")}</vscode-button>
        </p>`
      : nothing
  }`;
}
