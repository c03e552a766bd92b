import { UNRECOVERABLE } from "../topology/unrecoverable-mark.ts";

/** Thrown by a handler for what no retry can mend: the message is parked at once. */
export class Unrecoverable extends Error {
  override readonly name: string = "Unrecoverable";
  readonly [UNRECOVERABLE] = true;
}
