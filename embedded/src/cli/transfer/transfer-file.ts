import type { GroupConfig } from "../../persistent/group-config.ts";

/**
 * The file that `export` writes and `import` reads: one JSON object a line, gzipped where the name ends in `.gz`.
 *
 * The first line is a {@link FileHeader}, the last a {@link FileEnd}; between them lie events, ends of streams and marks, in the
 * order of the log. Revisions, in events as much as in the links between them, are those that the target will give: streams are
 * numbered anew from 0 where their beginning is gone. Log positions are the source's, and whoever imports replaces them.
 */
export const FILE_VERSION = 1;

export interface FileHeader {
  readonly format: "sluice-export";
  readonly version: number;
  /** ISO time. */
  readonly exportedAt: string;
  /** Place in the source's log of the last record looked at. */
  readonly upTo: number;
  readonly projections: readonly MovedProjection[];
  /** System projections that were enabled: the target's own make their streams anew. */
  readonly indexes: readonly string[];
  /** Some output is stamped with log positions: the import has to know where each event came to lie. */
  readonly needsPositions: boolean;
}

/** A user's projection. */
export interface MovedProjection {
  readonly name: string;
  /** As `$v` of its output names it on the source. */
  readonly id: number;
  readonly query: string;
  readonly emitEnabled: boolean;
  readonly trackEmittedStreams: boolean;
  readonly isEnabled: boolean;
}

export type FileLine = EventLine | TombstoneLine | MarkLine;

/** An event, a link, or a stream's metadata. */
export interface EventLine {
  readonly stream: string;
  readonly revision: number;
  readonly position: number;
  readonly id: string;
  readonly type: string;
  readonly isJson: boolean;
  /** 100-ns ticks since 1970 as the server tells them: for the record, since no client can set them. */
  readonly created: string;
  /** UTF-8 text; bytes that are none are in base64 instead. */
  readonly data: string | { readonly base64: string };
  readonly metadata: string | { readonly base64: string };
}

/** The stream was ended for ever. */
export interface TombstoneLine {
  readonly tombstone: string;
  readonly position: number;
}

/** All records up to this log position lie before this line: groups and queries speak of it. */
export interface MarkLine {
  readonly mark: number;
}

export interface FileEnd {
  readonly end: true;
  readonly streams: number;
  readonly events: number;
  readonly tombstones: number;
  readonly groups: readonly MovedGroup[];
  /** Streams whose events have other revisions on the target: how much lower. */
  readonly renumbered: Readonly<Record<string, number>>;
  readonly leftOut: readonly LeftOut[];
  /** SHA-256 of all lines before this one, each with its line feed. */
  readonly sha256: string;
}

/** A group of consumers, with what it has handled. */
export interface MovedGroup {
  readonly config: GroupConfig;
  readonly checkpoint:
    | { readonly kind: "none" }
    /** The last revision done with, as the target counts. */
    | { readonly kind: "revision"; readonly revision: number }
    /** The same in a stream that the target makes itself, and the link that has to lie there. */
    | { readonly kind: "index"; readonly revision: number; readonly link: string }
    /** Everything before a {@link MarkLine} is done with. */
    | { readonly kind: "mark"; readonly mark: number };
}

export interface LeftOut {
  readonly what: string;
  readonly why: string;
}

/** Bytes as a line holds them. */
export function textOrBase64(bytes: Uint8Array): string | { readonly base64: string } {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const text = buffer.toString("utf8");
  return Buffer.from(text).equals(buffer) ? text : { base64: buffer.toString("base64") };
}

export function bytesOf(value: string | { readonly base64: string }): Buffer {
  return typeof value === "string" ? Buffer.from(value) : Buffer.from(value.base64, "base64");
}
