import { html, nothing, type TemplateResult } from "lit";
import type { LinkTarget } from "../model/link.ts";
import type { Body, Details, EventDetails } from "../protocol.ts";
import type { Texts } from "../texts.ts";
import { format, formatBytes, formatTime } from "./format.ts";
import { iconButton } from "./icon-button.ts";
import { jsonBody } from "./json-body.ts";

export interface DetailsState {
  readonly texts: Texts;
  /** Undefined while it is on its way, null where the event is gone. */
  readonly details: Details | null | undefined;
  /** Lines of a body that are laid out at most. */
  readonly lines: number;
  /** What the two marked rows are called, where there are two. */
  readonly compared: readonly [string, string] | undefined;
  readonly onClose: () => void;
  readonly onGoTo: (target: LinkTarget) => void;
  readonly onMoreLines: () => void;
  readonly onCopy: (what: "id" | "data" | "fixture") => void;
  readonly onOpenInEditor: () => void;
  readonly onCompare: () => void;
}

/** Everything that is known of one event. */
export function detailsPane(state: DetailsState): TemplateResult {
  const { texts, details, onClose, onCopy, onOpenInEditor, compared, onCompare } = state;
  return html`<section class="details" aria-label=${texts.details}>
    <header>
      <h2 title=${details?.event.type ?? nothing}>${details?.event.type ?? texts.details}</h2>
      ${
        details
          ? [
              iconButton({ icon: "copy", label: texts.copyData, onClick: () => onCopy("data") }),
              iconButton({ icon: "beaker", label: texts.copyFixture, onClick: () => onCopy("fixture") }),
              iconButton({ icon: "go-to-file", label: texts.openInEditor, onClick: onOpenInEditor }),
            ]
          : nothing
      }
      ${iconButton({ icon: "close", label: texts.closeDetails, onClick: onClose })}
    </header>
    ${
      compared === undefined
        ? nothing
        : html`<div class="note">
            <vscode-button icon="diff" @click=${onCompare}>${format(texts.compare, ...compared)}</vscode-button>
          </div>`
    }
    ${
      details === undefined
        ? html`<p class="note">${texts.reading}</p>`
        : details === null
          ? html`<p class="note">${texts.gone}</p>`
          : html`${linkNote(details, state)}${factsTemplate(details.event, state)}
            ${bodyTemplate(texts.data, details.event.data, state)}
            ${bodyTemplate(texts.metadata, details.event.metadata, state)}`
    }
  </section>`;
}

function linkNote({ link }: Details, { texts, onGoTo }: DetailsState): TemplateResult | typeof nothing {
  if (link === undefined) {
    return nothing;
  }
  const { target } = link;
  const name = target === undefined ? "?" : `${target.revision}@${target.stream}`;
  return html`<div class="note link-note">
    <span class="codicon codicon-${link.state === "broken" ? "warning" : "link"}" aria-hidden="true"></span>
    <span
      >${link.state === "broken" ? format(texts.linkBroken, name) : format(texts.linkLeads, link.revision, link.stream, name)}</span
    >
    ${
      target === undefined
        ? nothing
        : html`<vscode-button secondary @click=${() => onGoTo(target)}>${texts.linkOpen}</vscode-button>`
    }
  </div>`;
}

function factsTemplate(event: EventDetails, { texts, onGoTo, onCopy }: DetailsState): TemplateResult {
  const { stream, revision } = event;
  const open = html`<button type="button" class="text-link" @click=${() => onGoTo({ stream, revision })}>
    ${stream}
  </button>`;
  const id = html`<code>${event.id}</code
    >${iconButton({ icon: "copy", label: texts.copyId, onClick: () => onCopy("id") })}`;
  const facts: readonly (readonly [string, TemplateResult | string])[] = [
    [texts.stream, open],
    [texts.revision, revision],
    [texts.position, event.position],
    [texts.created, html`<span title=${new Date(event.created).toISOString()}>${formatTime(event.created)}</span>`],
    [texts.id, id],
    ...(event.correlationId === undefined
      ? []
      : ([[texts.correlation, html`<code>${event.correlationId}</code>`]] as const)),
    ...(event.causationId === undefined ? [] : ([[texts.causation, html`<code>${event.causationId}</code>`]] as const)),
    [texts.written, event.isJson ? texts.asJson : texts.asBytes],
  ];
  return html`<dl class="facts">
    ${facts.map(
      ([name, value]) =>
        html`<dt>${name}</dt>
          <dd>${value}</dd>`,
    )}
  </dl>`;
}

function bodyTemplate(title: string, body: Body, state: DetailsState): TemplateResult {
  const { texts, lines, onMoreLines, onOpenInEditor } = state;
  const heading = html`<h3>${title} <span class="faint">${formatBytes(body.size)}</span></h3>`;
  if (body.content === "empty") {
    return html`${heading}
      <p class="note faint">${texts.noBody}</p>`;
  }
  const json = body.content === "json" ? jsonBody(body.text, lines) : undefined;
  return html`${heading} ${json?.template ?? html`<pre class="body" tabindex="0">${body.text}</pre>`}
  ${
    json !== undefined && json.hiddenLines > 0
      ? html`<vscode-button secondary @click=${onMoreLines}
          >${format(texts.moreLines, json.hiddenLines)}</vscode-button
        >`
      : nothing
  }
  ${
    body.isCut
      ? html`<p class="note">
          ${format(texts.cut, formatBytes(new TextEncoder().encode(body.text).length), formatBytes(body.size))}
          <vscode-button secondary @click=${onOpenInEditor}>${texts.openInEditor}</vscode-button>
        </p>`
      : nothing
  }`;
}
