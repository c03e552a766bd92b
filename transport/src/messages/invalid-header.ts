import { UNRECOVERABLE } from "../topology/unrecoverable-mark.ts";

/** A header given to a send that cannot be one. Nothing is sent. */
export class InvalidHeader extends Error {
  override readonly name = "InvalidHeader";
  readonly [UNRECOVERABLE] = true;
  readonly header: string;

  constructor(header: string, why: string) {
    super(`The header ${JSON.stringify(header)} cannot be sent: ${why}. Rename it, or give its value as a text.`);
    this.header = header;
  }
}
