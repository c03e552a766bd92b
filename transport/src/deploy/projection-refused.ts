/** A projection cannot be made as it is needed. What it delivered before it goes on delivering, unless it stands still by itself. */
export class ProjectionRefused extends Error {
  override readonly name = "ProjectionRefused";
  readonly projection: string;
  readonly why: "foreign" | "edited" | "faulted" | "aborted" | "behind" | "stuck";
  /** What the server says of it, where it says something. */
  readonly reason: string;

  constructor(projection: string, why: ProjectionRefused["why"], status: string, reason: string) {
    super(`Projection ${projection} ${SENTENCES[why](status, reason)}`);
    this.projection = projection;
    this.why = why;
    this.reason = reason;
  }
}

const SENTENCES = {
  foreign: () =>
    "exists, but was not generated for this component. Rename the component or the aggregate, or delete that projection if nobody needs it.",
  edited: () =>
    "was edited by hand. Put the edit into the declaration, then call repair: it puts a new generation in its place, which goes on where this one has got to, and removes it.",
  faulted: (status: string, reason: string) =>
    `has faulted (${status}): ${reason || "the server gives no reason"}. Find what broke it, such as somebody who writes to its streams, then call repair: it puts a new generation in its place, which goes on where this one has got to. Enabling or updating this one can repeat or lose messages.`,
  aborted: (status: string) =>
    `was aborted by somebody (${status}), and one without a checkpoint cannot be changed. Enable it, then deploy again; or call repair.`,
  behind: (status: string) =>
    `has not handled all that is before it (${status}). Wait until it has, then try again; one that stands still is to be enabled or repaired first.`,
  stuck: (status: string, reason: string) =>
    `does not come to rest (${status}${reason === "" ? "" : `: ${reason}`}). Look at the server's log, and deploy again.`,
} as const;
