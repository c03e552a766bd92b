import { whyUnreachable } from "./why-unreachable.ts";

/**
 * The server did not answer: it is not there, went away, or a call took longer than its deadline. What the call was to write may
 * have been written; writing it again with the same ids is safe.
 */
export class ServerUnreachable extends Error {
  override readonly name = "ServerUnreachable";
  /** Host and port, without credentials. */
  readonly address: string;

  constructor(address: string, options: ErrorOptions) {
    super(`No answer from EventStoreDB at ${address}. ${whyUnreachable(options.cause)}`, options);
    this.address = address;
  }
}
