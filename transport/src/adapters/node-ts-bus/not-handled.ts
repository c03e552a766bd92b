import type { ErrorResult, Operations } from "../../seam/index.ts";

/**
 * What the bus has said of a message that it did not handle. It shows itself as what went wrong there, since it is what is written
 * beside the message when it is put aside; it is not the error itself, whose meaning to the transport must not change what becomes of
 * the message.
 */
export class NotHandled extends Error {
  readonly result: ErrorResult;
  /** What leaves nevertheless. */
  readonly operations: readonly Operations[];

  constructor(result: ErrorResult, failure: unknown, operations: readonly Operations[] = []) {
    super(textOf(failure));
    this.result = result;
    this.operations = operations;
    const at = failure instanceof Error ? failure : undefined;
    this.name = at?.name ?? "NotHandled";
    if (at?.stack !== undefined) this.stack = at.stack;
  }
}

const UNTOLD =
  "The bus did not handle it, and does not tell its transport why; its log does. Subscribe `noteFailure` of the transport to `onError` of the bus to have it told here.";

const textOf = (failure: unknown): string => {
  if (failure === undefined) return UNTOLD;
  if (failure instanceof Error) return failure.message;
  return typeof failure === "string" ? failure : (JSON.stringify(failure) ?? String(failure));
};

/** The bus tells that handlers were rejected; why they were is within, and with workflows once more. */
export function innermost(failure: unknown): unknown {
  let at = failure;
  while (at instanceof Error && "rejections" in at && Array.isArray(at.rejections) && at.rejections.length === 1)
    [at] = at.rejections;
  return at;
}
