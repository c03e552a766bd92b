import type { Headers } from "./header-value.ts";

/** What a serializer may know of the message whose body it writes or reads. */
export interface SerializedMessage {
  readonly id: string;
  readonly type: string;
  readonly headers: Headers;
  /** Component or sender it comes from; undefined where it was written by another program. */
  readonly source: string | undefined;
  readonly sentAt: Date | undefined;
}

/** A body as it is stored. */
export interface SerializedBody {
  readonly data: Uint8Array;
  /** It is JSON text in UTF-8, which projections and tools can look into. */
  readonly isJson: boolean;
}

/** Turns bodies into bytes and back. The same for all who exchange messages. */
export interface Serializer {
  /** @throws InvalidBody for what it cannot write. */
  serialize(body: object, message: SerializedMessage): SerializedBody;
  /** Whatever it throws parks the message as unreadable. */
  deserialize(body: SerializedBody, message: SerializedMessage): object;
}
