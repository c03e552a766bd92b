import { UNRECOVERABLE } from "../topology/unrecoverable-mark.ts";

/**
 * The server shows a component a link in its queue, and not the message that it leads to: the component's login may not read the stream
 * that the message is in. It is parked, so that it can be handled when the login has the right.
 */
export class OriginalRefused extends Error {
  override readonly name = "OriginalRefused";
  readonly [UNRECOVERABLE] = true;
  /** Where the message is, as `<revision>@<stream>`. */
  readonly place: string;

  constructor(component: string, place: string) {
    super(
      `The login of ${component} may not read the message that its queue leads to, ${place}. Give it the right, by a group of members that the sender's login is in, too (sluice deploy --acl), then retry the parked message.`,
    );
    this.place = place;
  }
}
