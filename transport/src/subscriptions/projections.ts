import { setTimeout as sleep } from "node:timers/promises";
import { BACKWARDS, END, type ProjectionDetails, StreamNotFoundError } from "@eventstore/db-client";
import { AccessRefused } from "../connection/access-refused.ts";
import type { Connection } from "../connection/connection.ts";
import type { GeneratedProjection } from "../topology/generated.ts";
import { type DeployedProjection, nextStep } from "./projection-plan.ts";
import { ProjectionRefused } from "./projection-refused.ts";
import { ProjectionsNotRunning } from "./projections-not-running.ts";
import { type ProjectionState, stateOf } from "./projection-status.ts";

/** Steps until a projection must be as wanted, some 20 ms each at least: a restart of a busy one takes hundreds of ms. */
const PATIENCE = 500;
const PAUSE = 20;

export type ProjectionAction = "created" | "updated" | "started" | "unchanged";

/** The projections of a server, as a deployment sees and changes them. One change at a time: the server queues them badly. */
export class Projections {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** @throws ProjectionsNotRunning, ServerUnreachable, AccessRefused */
  async requireByCategory(): Promise<void> {
    const { address, client } = this.#connection;
    let status: string;
    try {
      ({ status } = await this.#connection.call(() => client.getProjectionStatus("$by_category")));
    } catch (cause) {
      if (cause instanceof AccessRefused) throw cause;
      // Without the subsystem the call is unimplemented or never answered; then a plain call tells whether the server is there.
      await this.logEnd();
      throw new ProjectionsNotRunning(address, "it is not there", { cause });
    }
    if (stateOf(status) !== "running") throw new ProjectionsNotRunning(address, status);
  }

  /**
   * Makes a projection as wanted, and running. Interrupted anywhere, it goes on when called again.
   * @throws ProjectionRefused, ServerUnreachable
   */
  async ensure(wanted: GeneratedProjection): Promise<ProjectionAction> {
    const { client } = this.#connection;
    let action: ProjectionAction = "unchanged";
    for (let tries = 0; tries < PATIENCE; tries += 1) {
      const deployed = await this.find(wanted.name);
      const step = nextStep(deployed, wanted);
      if (step === "done") return action;
      if (typeof step === "object") {
        throw new ProjectionRefused(wanted.name, step.refused, deployed?.status ?? "", deployed?.reason ?? "");
      }
      if (step === "create") {
        // Another instance may have been quicker; then the next look finds its projection, or there was another reason.
        const failed = await this.#attempt(() =>
          client.createProjection(wanted.name, wanted.text, { emitEnabled: true }),
        );
        if (failed !== undefined && (await this.find(wanted.name)) === undefined) throw failed;
        action = "created";
      } else if (step === "update") {
        // Without the flag an update turns emitting off (corrections 3.9).
        await this.#connection.call(() => client.updateProjection(wanted.name, wanted.text, { emitEnabled: true }));
        if (action === "unchanged") action = "updated";
      } else if (step === "start") {
        await this.#connection.call(() => client.enableProjection(wanted.name));
        if (action === "unchanged") action = "started";
      } else await sleep(PAUSE);
    }
    const last = await this.find(wanted.name);
    throw new ProjectionRefused(wanted.name, "stuck", last?.status ?? "missing", last?.reason ?? "");
  }

  /** Stops a running projection with a checkpoint, and waits until it has stopped. */
  async stop(name: string): Promise<void> {
    await this.#connection.call(() => this.#connection.client.disableProjection(name));
    for (let tries = 0; tries < PATIENCE; tries += 1) {
      const deployed = await this.find(name);
      if (deployed?.state === "stopped") return;
      if (deployed?.state === "faulted") throw new ProjectionRefused(name, "faulted", deployed.status, deployed.reason);
      await sleep(PAUSE);
    }
    throw new ProjectionRefused(name, "stuck", "it does not stop", "");
  }

  /** The projection as it is now; undefined where there is none. */
  async find(name: string): Promise<DeployedProjection | undefined> {
    const details = await this.#details(name);
    const definition = details === undefined ? undefined : await this.#definition(name);
    if (details === undefined || definition === undefined) return undefined;
    const state: ProjectionState = stateOf(details.status);
    return { ...definition, state, status: details.status, reason: details.stateReason };
  }

  /** Position behind the last event of the log. */
  async logEnd(): Promise<number> {
    return this.#connection.call(async () => {
      let end = 0;
      // Read to its end: the client never lets go of a read that is left half way.
      for await (const { event } of this.#connection.client.readAll({
        direction: BACKWARDS,
        fromPosition: END,
        maxCount: 1,
      })) {
        end = Number(event?.position.commit ?? 0n) + 1;
      }
      return end;
    });
  }

  async #details(name: string): Promise<ProjectionDetails | undefined> {
    try {
      return await this.#connection.call(() => this.#connection.client.getProjectionStatus(name));
    } catch (error) {
      // Before 24.6 the server says so in words only (spec 3.10).
      if (error instanceof Error && /NotFound|not found|not-found/i.test(`${error.message} ${typeOf(error)}`))
        return undefined;
      throw error;
    }
  }

  /** The client offers no way to read a projection's text; the server keeps it in a stream (spec 3.4). */
  async #definition(name: string): Promise<Pick<DeployedProjection, "text" | "emits"> | undefined> {
    return this.#connection.call(async () => {
      let found: Pick<DeployedProjection, "text" | "emits"> | undefined;
      try {
        const stream = `$projections-${name}`;
        const last = this.#connection.client.readStream(stream, {
          direction: BACKWARDS,
          fromRevision: END,
          maxCount: 1,
        });
        for await (const { event } of last) {
          const data = event?.data as { readonly query?: unknown; readonly emitEnabled?: unknown } | undefined;
          if (typeof data?.query === "string") found = { text: data.query, emits: data.emitEnabled === true };
        }
      } catch (error) {
        if (!(error instanceof StreamNotFoundError)) throw error;
      }
      return found;
    });
  }

  async #attempt(call: () => Promise<unknown>): Promise<unknown> {
    try {
      await this.#connection.call(call);
      return undefined;
    } catch (error) {
      return error;
    }
  }
}

const typeOf = (error: Error): string => String((error as { readonly type?: unknown }).type ?? "");
