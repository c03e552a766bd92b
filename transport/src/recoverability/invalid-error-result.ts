import { describeError } from "../receive/describe-error.ts";

/** A component's error policy answers something that is no decision. The message is delivered again. */
export class InvalidErrorResult extends Error {
  override readonly name = "InvalidErrorResult";
  readonly result: unknown;

  constructor(result: unknown) {
    super(
      `The error policy answers ${describeError(result, 200).message}. Let recover give { action: "retry" | "retry after" | "park" | "discard" | "handled" }, with milliseconds of 0 or more to retry after, or undefined.`,
    );
    this.result = result;
  }
}
