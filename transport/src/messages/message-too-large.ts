import { UNRECOVERABLE } from "../topology/unrecoverable-mark.ts";

/** The messages of one handled message are more than the server takes in one append. Nothing is sent. */
export class MessageTooLarge extends Error {
  override readonly name = "MessageTooLarge";
  readonly [UNRECOVERABLE] = true;
  readonly stream: string;
  readonly types: readonly string[];
  /** Bytes of all bodies together. */
  readonly bytes: number;
  readonly limit: number;

  constructor(stream: string, types: readonly string[], bytes: number, limit: number, options?: ErrorOptions) {
    super(
      `${types.length} message(s) (${[...new Set(types)].join(", ")}) of ${bytes} bytes together are more than the ${limit} the server takes in one append to ${stream}. Send less at once, or keep large content elsewhere and send a reference.`,
      options,
    );
    this.stream = stream;
    this.types = types;
    this.bytes = bytes;
    this.limit = limit;
  }
}
