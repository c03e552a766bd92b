/** An event to be appended, as the server stores it: the body and the metadata are bytes. */
export interface NewEvent {
  /** UUID. The same id appended to the same stream again is recognized as the same event. */
  readonly id: string;
  readonly type: string;
  /** The body is JSON text in UTF-8; otherwise it is bytes that nobody looks into. */
  readonly isJson: boolean;
  readonly data: Uint8Array;
  /** JSON text in UTF-8, of an object; empty for none. */
  readonly metadata: Uint8Array;
}

/** An event as it was read. */
export interface StoredEvent extends NewEvent {
  readonly stream: string;
  /** Its number in the stream, 0 first. */
  readonly revision: bigint;
  /** Its place in the log of the whole server; undefined where the server does not tell. */
  readonly position: bigint | undefined;
  /** When the server stored it, by the server's clock. */
  readonly created: Date;
}

/** What was read at one place of a stream. */
export interface ResolvedEvent {
  /** The event itself; where a link was followed, the original. Undefined where the link leads to nothing. */
  readonly event: StoredEvent | undefined;
  /** The link that was followed. */
  readonly link: StoredEvent | undefined;
}

/** Where a stream must be for an append to be made: at this revision, anywhere, not there yet, or there. */
export type ExpectedRevision = bigint | "any" | "no stream" | "stream exists";

/** What metadata say, by name. */
export type Metadata = Readonly<Record<string, unknown>>;

const NOTHING: Metadata = {};

/** What the JSON metadata of an event says; nothing where it is none, no JSON, or no object. */
export function metadataOf({ metadata }: Pick<NewEvent, "metadata">): Metadata {
  const said = metadata.length === 0 ? undefined : parsed(metadata);
  return typeof said === "object" && said !== null && !Array.isArray(said) ? (said as Metadata) : NOTHING;
}

/** What the JSON body of an event says; undefined where it is no JSON. */
export const bodyOf = ({ data, isJson }: Pick<NewEvent, "data" | "isJson">): unknown =>
  isJson ? parsed(data) : undefined;

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8"));
  } catch {
    return undefined;
  }
}
