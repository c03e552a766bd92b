import type { Calls } from "./calls.ts";
import { bodyOf } from "./event.ts";
import { read } from "./read.ts";

/** What a projection is doing. */
export type ProjectionState = "running" | "stopped" | "aborted" | "faulted" | "changing";

/** Milliseconds in which the server must say how a projection stands: one that does not lead never does (cluster.md). */
const STATUS_LIMIT = 5_000;

/** What a projection is doing, and what the server says of that. */
export interface ProjectionStatus {
  readonly state: ProjectionState;
  /** The server's own words. */
  readonly status: string;
  /** Why it has faulted, in the server's words. */
  readonly reason: string;
}

/** A projection as it is on the server. */
export interface DeployedProjection extends ProjectionStatus {
  readonly text: string;
  /** It may write. */
  readonly emits: boolean;
  /** Percent of what there is to handle; -1 where the server does not tell. */
  readonly progress: number;
  /** Where it has got to, as the server writes it, such as `C:1234/P:1234` or `intermediate.sales: 17`. */
  readonly position: string;
  /** The same of its last checkpoint. */
  readonly checkpoint: string;
}

/**
 * The projections of a server, one call at a time. All throw ServerUnreachable, AccessRefused and what the server says.
 * Those that change something answer false where another is changing the same projection at this moment: look again what it is now.
 */
export class Projections {
  readonly #calls: Calls;

  constructor(calls: Calls) {
    this.#calls = calls;
  }

  /** The projection as it is now; undefined where there is none. */
  async find(name: string): Promise<DeployedProjection | undefined> {
    const details = await this.#details(name);
    if (details === undefined) return undefined;
    const definition = await this.#definition(name);
    if (definition === undefined) return undefined;
    const { status, stateReason: reason, progress, position, lastCheckpoint: checkpoint } = details;
    return { ...definition, state: stateOf(status), status, reason, progress, position, checkpoint };
  }

  /** The server's words for what a projection is doing; undefined where there is no such projection. Cheaper than {@link find}. */
  async statusOf(name: string): Promise<ProjectionStatus | undefined> {
    const details = await this.#details(name);
    return details && statusOf(details);
  }

  /** What all projections are doing, by name, in one call: the server's own and those of others among them. */
  async list(): Promise<ReadonlyMap<string, ProjectionStatus>> {
    const all = await this.#calls.call((client) => client.listProjections({ deadline: STATUS_LIMIT }));
    return new Map(all.map((details) => [details.name, statusOf(details)]));
  }

  /** The last text of a projection that is or was there: the stream of its texts outlives it. */
  async lastText(name: string): Promise<string | undefined> {
    return (await this.#definition(name))?.text;
  }

  create(name: string, text: string): Promise<boolean> {
    return this.#change((client) => client.createProjection(name, text, { emitEnabled: true }));
  }

  update(name: string, text: string): Promise<boolean> {
    // Without the flag an update turns emitting off (corrections 3.9).
    return this.#change((client) => client.updateProjection(name, text, { emitEnabled: true }));
  }

  enable(name: string): Promise<boolean> {
    return this.#change((client) => client.enableProjection(name));
  }

  /** Stops it with a checkpoint. Answers before it stands still. */
  disable(name: string): Promise<boolean> {
    return this.#change((client) => client.disableProjection(name));
  }

  /** Stops it without a checkpoint. */
  abort(name: string): Promise<boolean> {
    return this.#change((client) => client.abortProjection(name));
  }

  /** Removes one that stands still, with its checkpoints; what it wrote stays. */
  remove(name: string): Promise<boolean> {
    return this.#change((client) =>
      client.deleteProjection(name, {
        deleteCheckpointStream: true,
        deleteStateStream: true,
        deleteEmittedStreams: false,
      }),
    );
  }

  async #details(name: string) {
    try {
      return await this.#calls.call((client) => client.getProjectionStatus(name, { deadline: STATUS_LIMIT }));
    } catch (error) {
      // Before 24.6 the server says so in words only (spec 3.10).
      if (error instanceof Error && /NotFound|not found|not-found/i.test(`${error.message} ${textOf(error, "type")}`))
        return undefined;
      throw error;
    }
  }

  /** The client offers no way to read a projection's text; the server keeps it in a stream (spec 3.4). */
  async #definition(name: string): Promise<Pick<DeployedProjection, "text" | "emits"> | undefined> {
    const [last] = await read(this.#calls, `$projections-${name}`, { direction: "backwards", limit: 1 });
    const body = last?.event && (bodyOf(last.event) as { readonly query?: unknown; readonly emitEnabled?: unknown });
    return typeof body?.query === "string" ? { text: body.query, emits: body.emitEnabled === true } : undefined;
  }

  async #change(change: Parameters<Calls["call"]>[0]): Promise<boolean> {
    try {
      await this.#calls.call(change);
      return true;
    } catch (error) {
      if (isConflict(error)) return false;
      throw error;
    }
  }
}

const statusOf = (details: { readonly status: string; readonly stateReason: string }): ProjectionStatus => ({
  state: stateOf(details.status),
  status: details.status,
  reason: details.stateReason,
});

/**
 * Reads the server's status text (spec 3.10): the state as managed, then `/` and the state of the instance where they differ, then
 * ` (Enabled)`. One that was disabled after a fault says `Stopped/Faulted`.
 */
export function stateOf(status: string): ProjectionState {
  if (status.includes("Faulted")) return "faulted";
  if (status.startsWith("Aborted")) return "aborted";
  if (status.startsWith("Running")) return "running";
  if (status.startsWith("Stopped")) return "stopped";
  return "changing";
}

/** Until 25 the server says so in words only, `Envelope callback expected Updated, received Conflict instead` (spec 3.3, 3.11). */
const isConflict = (error: unknown): boolean =>
  error instanceof Error &&
  (/received (Conflict|OperationFailed) instead/.test(error.message) || textOf(error, "code") === "6");

const textOf = (error: Error, property: string): string => String(Reflect.get(error, property) ?? "");
