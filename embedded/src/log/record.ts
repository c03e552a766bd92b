/** An event as somebody proposes it: what the log stores beside the place it gives it. */
export interface NewRecord {
  /** UUID in lower-case text form. */
  readonly id: string;
  readonly type: string;
  /** Whether `data` was declared as JSON (content type `application/json`); nothing is parsed on the way in. */
  readonly isJson: boolean;
  readonly data: Uint8Array;
  /** The custom metadata, opaque; empty when there is none. */
  readonly metadata: Uint8Array;
}

/** An event with its place: what every reader gets. */
export interface LogRecord extends NewRecord {
  readonly stream: string;
  /** Number within the stream from 0; {@link TOMBSTONE_REVISION} for the record that ends a stream for ever. */
  readonly revision: number;
  /** Place in the log: a byte offset, strictly increasing, below 2^53. Commit and prepare position are both this. */
  readonly position: number;
  /** When it was written, in milliseconds since 1970-01-01 UTC. */
  readonly created: number;
}

/**
 * Revision of the `$streamDeleted` record. The server's own number is 2^63 - 1, which no JS number holds;
 * the wire turns this one, the largest safe integer, into it (spec 1.8).
 */
export const TOMBSTONE_REVISION = Number.MAX_SAFE_INTEGER;

/** How {@link TOMBSTONE_REVISION} is written in texts such as `9223372036854775807@orders-1`. */
export const TOMBSTONE_REVISION_TEXT = "9223372036854775807";

export const NO_DATA: Uint8Array = new Uint8Array(0);
