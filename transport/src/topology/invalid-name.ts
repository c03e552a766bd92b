import { UNRECOVERABLE } from "./unrecoverable-mark.ts";

/** A name that cannot be used as the thing it was given for. Thrown where the name is declared or used, before anything is sent. */
export class InvalidName extends Error {
  override readonly name = "InvalidName";
  readonly [UNRECOVERABLE] = true;
  /** What the name was given for, such as `component`. */
  readonly what: string;
  readonly value: unknown;

  /** @param rule what such a name must do: the end of "It must …". */
  constructor(what: string, value: unknown, rule: string) {
    super(`${JSON.stringify(value) ?? String(value)} cannot be the name of a ${what}. It must ${rule}.`);
    this.what = what;
    this.value = value;
  }
}
