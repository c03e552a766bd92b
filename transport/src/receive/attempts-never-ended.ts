import { UNRECOVERABLE } from "../topology/unrecoverable-mark.ts";

/** Attempts to handle a message have begun and never ended: it may be what ends the processes that handle it. */
export class AttemptsNeverEnded extends Error {
  override readonly name = "AttemptsNeverEnded";
  readonly [UNRECOVERABLE] = true;
  readonly attempts: number;

  constructor(attempts: number) {
    super(
      `${attempts} attempts to handle this message, alone in their process, began and never ended. It may end the process that handles it: find out why before it is retried.`,
    );
    this.attempts = attempts;
  }
}
