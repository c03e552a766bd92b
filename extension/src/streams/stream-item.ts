import * as l10n from "@vscode/l10n";
import type { Searched } from "./name-source.ts";
import { ALL, isSystemStream } from "./stream-name.ts";
import type { StreamGroup, StreamNode } from "./stream-node.ts";

/** A row as it is shown. */
export interface StreamItem {
  readonly label: string;
  readonly description?: string;
  readonly tooltip?: string;
  /** Of a product icon. */
  readonly icon: string;
  readonly isExpandable: boolean;
  /** For `when` clauses. */
  readonly contextValue: string;
}

/** Longer names are cut: the view would draw all of it. */
const MOST_CHARACTERS = 200;

export function streamItem(node: StreamNode, isFavorite: boolean): StreamItem {
  switch (node.kind) {
    case "stream":
      return {
        label: shortened(node.stream),
        ...(node.stream === ALL && { description: l10n.t("all events") }),
        tooltip: node.stream,
        icon: node.stream === ALL ? "globe" : isSystemStream(node.stream) ? "gear" : "list-flat",
        isExpandable: false,
        contextValue: `;stream;${isFavorite ? "favorite" : "unmarked"};${node.stream === ALL ? "all" : "named"};`,
      };
    case "category":
      return {
        label: shortened(node.category),
        ...(node.streams !== undefined && { description: countText(node.streams, node.isAtLeast) }),
        tooltip: l10n.t("Streams whose names begin with {0}", `${node.category}-`),
        icon: "folder",
        isExpandable: true,
        contextValue: ";category;",
      };
    case "group":
      return { ...groupItem(node.group), isExpandable: true, contextValue: `;group;${node.group};` };
    case "more":
      return {
        label: l10n.t("Load more…"),
        description: l10n.t("{0} of {1} are shown", node.shown.toLocaleString(), node.total.toLocaleString()),
        icon: "ellipsis",
        isExpandable: false,
        contextValue: ";more;",
      };
    case "search-further":
      return {
        label: l10n.t("Search further…"),
        description: searchedText(node.searched),
        icon: "search",
        isExpandable: false,
        contextValue: ";more;",
      };
    case "empty":
      return {
        label: l10n.t("There are no streams yet"),
        tooltip: l10n.t("A stream comes into being with its first event."),
        icon: "info",
        isExpandable: false,
        contextValue: ";note;",
      };
    case "too-many":
      return {
        label: l10n.t("There are too many to show all of them"),
        tooltip: l10n.t("Find the others by the beginning of their names."),
        icon: "info",
        isExpandable: false,
        contextValue: ";note;",
      };
    case "connect":
      return {
        label: l10n.t("Connect to {0}", node.name),
        icon: "plug",
        isExpandable: false,
        contextValue: ";remedy;",
      };
    case "failed":
      return {
        label: node.sentence,
        tooltip: node.sentence,
        icon: "error",
        isExpandable: false,
        contextValue: ";note;",
      };
    case "remedy":
      return { label: node.action.title, icon: "lightbulb", isExpandable: false, contextValue: ";remedy;" };
  }
}

function groupItem(group: StreamGroup): Pick<StreamItem, "label" | "icon" | "tooltip"> {
  switch (group) {
    case "favorites":
      return { label: l10n.t("Favorites"), icon: "star-full" };
    case "recent":
      return { label: l10n.t("Recent"), icon: "history" };
    case "without-category":
      return {
        label: l10n.t("Without a category"),
        icon: "folder",
        tooltip: l10n.t("Streams with no dash in their names"),
      };
    case "system":
      return {
        label: l10n.t("System streams"),
        icon: "gear",
        tooltip: l10n.t("Streams of the server, whose names begin with $"),
      };
  }
}

function countText(streams: number, isAtLeast: boolean): string {
  if (isAtLeast) return l10n.t("{0}+ streams", streams.toLocaleString());
  return streams === 1 ? l10n.t("1 stream") : l10n.t("{0} streams", streams.toLocaleString());
}

/** How far a search has come, in words. */
export function searchedText(searched: Searched): string {
  return searched.unit === "streams"
    ? l10n.t("{0} of {1} streams searched", searched.done.toLocaleString(), searched.of.toLocaleString())
    : l10n.t("{0} % of the log searched", Math.floor(searched.done * 100));
}

export function shortened(name: string): string {
  // Line breaks would make one row of several.
  const line = name.replaceAll(/[\r\n\t]+/g, " ");
  return line.length <= MOST_CHARACTERS ? line : `${line.slice(0, MOST_CHARACTERS)}…`;
}
