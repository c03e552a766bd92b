import type { QueueAddress } from "./queue-address.ts";

/** There is no such group of consumers on the server. */
export class GroupNotFound extends Error {
  override readonly name = "GroupNotFound";
  readonly stream: string;
  readonly group: string;

  constructor({ stream, group }: QueueAddress, options: ErrorOptions) {
    super(`There is no group ${group} on ${stream}. Deploy the component first.`, options);
    this.stream = stream;
    this.group = group;
  }
}
