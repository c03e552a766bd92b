import { UNRECOVERABLE } from "../topology/unrecoverable-mark.ts";

/** A body that cannot be written. Nothing is sent. */
export class InvalidBody extends Error {
  override readonly name = "InvalidBody";
  readonly [UNRECOVERABLE] = true;
  readonly type: string;

  constructor(type: string, why: string, options?: ErrorOptions) {
    super(
      `The body of ${type} cannot be sent: ${why}. Give a JSON object or array, or bytes as a Uint8Array.`,
      options,
    );
    this.type = type;
  }
}
