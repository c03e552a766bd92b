import type { ErrorResult } from "../../seam/index.ts";

/** What a handler has refused with `nack`. */
export class NotAcknowledged extends Error {
  override readonly name = "NotAcknowledged";
  /** What shall become of the message; undefined: the server's retries decide. */
  readonly result: ErrorResult | undefined;

  constructor(type: string, result: ErrorResult | undefined) {
    super(`The handler of ${type} did not acknowledge it.`);
    this.result = result;
  }
}
