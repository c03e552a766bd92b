import type { ErrorAction } from "../notifications/error-action.ts";
import type { Searched } from "./name-source.ts";

/** Streams that are shown together without being a category. */
export type StreamGroup = "favorites" | "recent" | "without-category" | "system";

/** A row of the Streams view, as data. Commands take it as their argument. */
export type StreamNode =
  | { readonly kind: "stream"; readonly connectionId: string; readonly stream: string; readonly under: string }
  | {
      readonly kind: "category";
      readonly connectionId: string;
      readonly category: string;
      /** Undefined where nobody has counted them. */
      readonly streams: number | undefined;
      /** Not all streams were looked through yet: there may be more of this one. */
      readonly isAtLeast: boolean;
    }
  | { readonly kind: "group"; readonly connectionId: string; readonly group: StreamGroup }
  /** There is more to load: of the categories, of a category's or a group's streams. */
  | {
      readonly kind: "more";
      readonly connectionId: string;
      readonly parent: StreamNode | undefined;
      readonly shown: number;
      readonly total: number;
    }
  /** The search has stopped before the end. */
  | {
      readonly kind: "search-further";
      readonly connectionId: string;
      readonly parent: StreamNode | undefined;
      readonly searched: Searched;
    }
  /** All was looked through, and there is nothing. */
  | { readonly kind: "empty"; readonly connectionId: string }
  /** More was found than is kept. */
  | { readonly kind: "too-many"; readonly connectionId: string }
  | { readonly kind: "connect"; readonly connectionId: string; readonly name: string }
  | { readonly kind: "failed"; readonly connectionId: string; readonly sentence: string }
  | { readonly kind: "remedy"; readonly connectionId: string; readonly action: ErrorAction };

/** What tells a row from all others. */
export function keyOf(node: StreamNode | undefined): string {
  if (node === undefined) return "";
  switch (node.kind) {
    case "stream":
      return `${node.connectionId} stream ${node.under} ${node.stream}`;
    case "category":
      return `${node.connectionId} category ${node.category}`;
    case "group":
      return `${node.connectionId} group ${node.group}`;
    case "more":
    case "search-further":
      return `${node.connectionId} ${node.kind} ${keyOf(node.parent)}`;
    case "remedy":
      return `${node.connectionId} remedy ${node.action.command}`;
    default:
      return `${node.connectionId} ${node.kind}`;
  }
}
