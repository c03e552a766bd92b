/** What can go wrong with components, a class for each thing that a user does something else about. */

/** A projection stands in the way of a deployment, which has left everything as it was. */
export class ProjectionRefusedError extends Error {
  override readonly name = "ProjectionRefusedError";
}

/** No message travels on the server: its projection `$by_category` does not run. */
export class ProjectionsNotRunningError extends Error {
  override readonly name = "ProjectionsNotRunningError";
}

/** The component is not on the server. */
export class NotDeployedError extends Error {
  override readonly name = "NotDeployedError";
}

/** The component is in use; nothing was changed. */
export class NotRetirableError extends Error {
  override readonly name = "NotRetirableError";
  /** Messages that nobody has handled; retired all the same, they stay unhandled. */
  readonly waiting: number;
  /** Instances that receive. */
  readonly consumers: number;

  constructor(message: string, { waiting, consumers }: { readonly waiting: number; readonly consumers: number }) {
    super(message);
    this.waiting = waiting;
    this.consumers = consumers;
  }
}

/** The message is not parked any more: somebody has dealt with it. */
export class NotParkedError extends Error {
  override readonly name = "NotParkedError";
}
