import * as l10n from "@vscode/l10n";
import { html, nothing, type TemplateResult } from "lit";
import type { Row } from "../model/row.ts";
import type { PanelSource } from "../schemas.ts";
import { formatBytes, formatTime } from "../../webview/view/format.ts";

export interface Column {
  readonly id: string;
  readonly title: string;
  readonly align: "left" | "right";
  /** In pixels; one column takes the rest. */
  readonly width: number | "rest";
  readonly content: (row: Row) => TemplateResult | string;
}

/** The columns that a source needs: the stream's own name is not repeated on each row, unless rows may lead elsewhere. */
export function columnsOf(
  source: PanelSource,
  hasLinks: boolean,
  widths: Readonly<Record<string, number>>,
): readonly Column[] {
  const width = (id: string, usual: number): number => widths[id] ?? usual;
  const place: Column = {
    id: "place",
    title: "all" in source ? l10n.t("Position") : l10n.t("Revision"),
    align: "right",
    width: width("place", "all" in source ? 120 : 84),
    content: ({ place }) => ("revision" in place ? place.revision : place.commit),
  };
  const stream: Column = {
    id: "stream",
    title: l10n.t("Stream"),
    align: "left",
    width: width("stream", 220),
    content: (row) => streamContent(row),
  };
  return [
    place,
    {
      id: "type",
      title: l10n.t("Type"),
      align: "left",
      width: width("type", 180),
      content: (row) => typeContent(row),
    },
    ...("all" in source || hasLinks ? [stream] : []),
    {
      id: "created",
      title: l10n.t("Created"),
      align: "left",
      width: width("created", 190),
      content: ({ created }) => formatTime(created),
    },
    {
      id: "size",
      title: l10n.t("Size"),
      align: "right",
      width: width("size", 72),
      content: ({ size }) => formatBytes(size),
    },
    {
      id: "data",
      title: l10n.t("Data"),
      align: "left",
      width: "rest",
      content: ({ content, preview }) =>
        content === "binary"
          ? html`<i>${l10n.t("binary")}</i>`
          : content === "empty"
            ? html`<i>${l10n.t("Nothing")}</i>`
            : preview,
    },
  ];
}

function typeContent(row: Row): TemplateResult {
  const { link } = row;
  if (link === undefined) {
    return html`<span title=${row.type}>${row.type}</span>`;
  }
  const target = link.target === undefined ? row.preview : `${link.target.revision}@${link.target.stream}`;
  const title =
    link.state === "broken"
      ? l10n.t("Leads to {0}, which is gone or may not be seen", target)
      : l10n.t("Link to {0}", target);
  return html`<span
      class="codicon codicon-${link.state === "broken" ? "warning" : "link"}"
      role="img"
      aria-label=${title}
      title=${title}
    ></span
    ><span title=${row.type}>${row.type}</span>`;
}

function streamContent(row: Row): TemplateResult {
  const target = row.link?.target;
  const [stream, revision] = target === undefined ? [row.stream, row.revision] : [target.stream, target.revision];
  return html`<span title="${stream} ${l10n.t("Revision")} ${revision}">${stream}</span>${
      row.link === undefined ? nothing : html` <span class="faint">#${revision}</span>`
    }`;
}
