/** There is no projection of that name. */
export class ProjectionNotFoundError extends Error {
  override readonly name = "ProjectionNotFoundError";
  readonly projection: string;

  constructor(projection: string) {
    super(`There is no projection '${projection}'; create it, or list the projections to see what they are called.`);
    this.projection = projection;
  }
}

/** The name of a new projection is taken. */
export class ProjectionExistsError extends Error {
  override readonly name = "ProjectionExistsError";
  readonly projection: string;

  constructor(projection: string) {
    super(`There is a projection '${projection}' already; update it, or choose another name.`);
    this.projection = projection;
  }
}

/** The command cannot be carried out on the projection as it is. */
export class ProjectionOperationError extends Error {
  override readonly name = "ProjectionOperationError";
  readonly projection: string;

  constructor(projection: string, reason: string) {
    super(reason);
    this.projection = projection;
  }
}

/**
 * The query never compiled, so there is nothing to tell of the projection but this; the real server fails unexpectedly here
 * (golden `projection-management/create-with-a-broken-query`).
 */
export class ProjectionNeverRanError extends Error {
  override readonly name = "ProjectionNeverRanError";
  readonly projection: string;

  constructor(projection: string, reason: string) {
    super(`The query of projection '${projection}' has never compiled (${reason}); update or delete it.`);
    this.projection = projection;
  }
}

/** Emitted streams can be tracked only by a projection that may emit. */
export class TrackingWithoutEmittingError extends Error {
  override readonly name = "TrackingWithoutEmittingError";

  constructor() {
    super("Emitted streams cannot be tracked by a projection that may not emit; enable emitting, too.");
  }
}

/** The subsystem is stopped or on its way there. */
export class ProjectionsNotRunningError extends Error {
  override readonly name = "ProjectionsNotRunningError";

  constructor() {
    super("The projections are not running now; try again once the server has started them.");
  }
}
