import type { ExpectedRevision } from "./event.ts";

/** The stream is not where the append expected it to be. Nothing is stored. */
export class WrongRevision extends Error {
  override readonly name = "WrongRevision";
  readonly stream: string;
  readonly expected: ExpectedRevision;
  /** Revision of its last event; undefined where the stream is not there, or the server does not tell. */
  readonly actual: bigint | undefined;

  constructor(stream: string, expected: ExpectedRevision, actual: bigint | undefined) {
    super(`${stream} was expected at ${expected}, and is at ${actual ?? "no event"}. Read it again, and decide anew.`);
    this.stream = stream;
    this.expected = expected;
    this.actual = actual;
  }
}
