/** A projection that the components need cannot be made as they need it. Nothing was changed in it. */
export class ProjectionRefused extends Error {
  override readonly name = "ProjectionRefused";
  readonly projection: string;
  readonly why: "foreign" | "edited" | "faulted" | "stuck";
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
    "was edited by hand. Put the edit into the declaration; then stop and delete the projection on the server, and deploy again.",
  faulted: (status: string, reason: string) =>
    `has faulted (${status}): ${reason || "the server gives no reason"}. Find who writes to its streams or what broke it before enabling it again; a faulted projection is never updated, since that can repeat or lose messages.`,
  stuck: (status: string, reason: string) =>
    `does not come to rest (${status}${reason === "" ? "" : `: ${reason}`}). Look at the server's log, and deploy again.`,
} as const;
