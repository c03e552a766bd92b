/**
 * What the extension asks of a server: the seam between everything that shows and the wire. Bodies and metadata are the
 * bytes that are stored, so that 64-bit numbers, broken JSON and binary data can be shown as they are.
 */

/** A 64-bit number: a JS number, or a bigint exactly where a number would lose digits. */
export type Integer64 = number | bigint;

/** A place in the log of all streams. Both halves are the same for all but old transactions. */
export interface Position {
  readonly commit: Integer64;
  readonly prepare: Integer64;
}

/** An event as it lies in its stream. */
export interface RecordedEvent {
  readonly id: string;
  readonly stream: string;
  /** Its number in the stream, from 0. */
  readonly revision: Integer64;
  readonly position: Position;
  readonly type: string;
  /** Whether it was written as JSON. What it holds may be something else all the same. */
  readonly isJson: boolean;
  /** When it was written, in milliseconds since 1970, to a ten-thousandth. */
  readonly created: number;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

/** What stands at one place of a stream. */
export interface StreamEntry {
  /** The event that lies here; a link where it is one. */
  readonly recorded: RecordedEvent;
  /** Where links are followed and this is one: the event it leads to, undefined where that is gone or may not be seen. */
  readonly target?: RecordedEvent | undefined;
}

/** A stream by its name, or the log of all streams. */
export type Source = { readonly stream: string } | { readonly all: true; readonly filter?: AllFilter };

/** Which events of the log the server hands out. */
export interface AllFilter {
  readonly on: "stream" | "type";
  readonly prefixes?: readonly string[];
  readonly regex?: string;
}

export type Direction = "forwards" | "backwards";

export interface ReadOptions {
  /** Included. A revision in a stream, a position in the log. */
  readonly from: "start" | "end" | Integer64 | Position;
  readonly direction: Direction;
  /** At most so many entries. */
  readonly limit: number;
  /** No further entry once bodies and metadata have come to so many bytes. Default: all up to the limit. */
  readonly maxBytes?: number;
  /** Also fetch what links lead to. */
  readonly followsLinks: boolean;
  readonly signal?: AbortSignal;
}

/** One page, in the order it was read. */
export interface Page {
  readonly entries: readonly StreamEntry[];
  /** Whether the source ended before the limit was reached. */
  readonly isEnd: boolean;
}

export interface SubscribeOptions {
  /** What lies after this is told; "start" tells all, "end" only what is still to come. */
  readonly after: "start" | "end" | Integer64 | Position;
  readonly followsLinks: boolean;
  readonly signal: AbortSignal;
}

/** What a subscription tells. Events that a slow reader has not taken yet wait at the server. */
export type SubscriptionNote =
  | { readonly kind: "entry"; readonly entry: StreamEntry }
  /** All that was there is told; what follows is new. */
  | { readonly kind: "caught-up" }
  /** How far a filtered log has been searched. */
  | { readonly kind: "checkpoint"; readonly position: Position };

export type ExpectedRevision = "any" | "no-stream" | "stream-exists" | Integer64;

export interface NewEvent {
  readonly id: string;
  readonly type: string;
  readonly isJson: boolean;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

/** What the server says it is. */
export interface ServerFeatures {
  /** Such as "23.10.6.0"; "unknown" where it does not say. */
  readonly version: string;
  /** Methods as the server lists them, `service/method` in lower case, each with its features. */
  readonly methods: ReadonlyMap<string, readonly string[]>;
}

/** What reads, and never writes. Every call that fails throws an error of `errors.ts`, or what the signal was aborted with. */
export interface EventReader {
  /** @throws StreamNotFoundError, StreamDeletedError, AccessDeniedError, ServerUnreachableError */
  read(source: Source, options: ReadOptions): Promise<Page>;
  /** Ends with the signal, or throws as {@link read} does; a stream that is not there yet is waited for. */
  subscribe(source: Source, options: SubscribeOptions): AsyncIterable<SubscriptionNote>;
}

/** What writes, and never reads: handed out by the one place where policies are enforced. */
export interface EventWriter {
  /**
   * Answers the revision of the last event written.
   * @throws WrongExpectedRevisionError, StreamDeletedError, AccessDeniedError
   */
  append(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<Integer64>;
}

/** One open connection. */
export interface EventStore extends EventReader, EventWriter {
  features(signal?: AbortSignal): Promise<ServerFeatures>;
  close(): void;
}
