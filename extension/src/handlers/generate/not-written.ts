/** Why a handler cannot be written there. */
export type NotWrittenReason =
  /** The function that declares a component or process manager is not written out, or takes its builder apart. */
  | "no-builder"
  /** A message, component or process manager is declared without a name that others could import. */
  | "no-name"
  /** The file loads modules by `require`, and the transport is an ECMAScript module. */
  | "requires"
  /** The file is gone, or cannot be parsed. */
  | "unreadable";

/** A handler that cannot be written: says what is in the way, and in which file. */
export class HandlerNotWritten extends Error {
  override readonly name = "HandlerNotWritten";
  readonly reason: NotWrittenReason;
  readonly uri: string;

  constructor(reason: NotWrittenReason, uri: string, options?: ErrorOptions) {
    super(`A handler cannot be written into ${uri}: ${reason}.`, options);
    this.reason = reason;
    this.uri = uri;
  }
}
