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

/** The text a projection should have, given what is deployed under its name. */
export type WantedOver = (deployed: DeployedProjection | undefined) => GeneratedProjection;

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
   * @param wantedOver what is wanted where `deployed` stands; asked anew after each change, since others may deploy at the same time.
   * @throws ProjectionRefused, ServerUnreachable
   */
  async ensure(name: string, wantedOver: WantedOver): Promise<ProjectionAction> {
    const { client } = this.#connection;
    let action: ProjectionAction = "unchanged";
    for (let tries = 0; tries < PATIENCE; tries += 1) {
      const deployed = await this.find(name);
      const wanted = wantedOver(deployed);
      const step = nextStep(deployed, wanted);
      if (step === "done") return action;
      if (typeof step === "object") {
        throw new ProjectionRefused(name, step.refused, deployed?.status ?? "", deployed?.reason ?? "");
      }
      if (step === "create") {
        if (await this.#change(() => client.createProjection(name, wanted.text, { emitEnabled: true }))) {
          action = "created";
        }
      } else if (step === "update") {
        // Without the flag an update turns emitting off (corrections 3.9).
        const done = await this.#change(() => client.updateProjection(name, wanted.text, { emitEnabled: true }));
        if (done && action === "unchanged") action = "updated";
      } else if (step === "start") {
        const done = await this.#change(() => client.enableProjection(name));
        if (done && action === "unchanged") action = "started";
      } else await sleep(PAUSE);
    }
    const last = await this.find(name);
    throw new ProjectionRefused(name, "stuck", last?.status ?? "missing", last?.reason ?? "");
  }

  /** Stops a running projection with a checkpoint, and waits until it has stopped. */
  async stop(name: string): Promise<void> {
    for (let tries = 0, asked = false; tries < PATIENCE; tries += 1) {
      asked ||= await this.#change(() => this.#connection.client.disableProjection(name));
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

  /**
   * Asks for a change.
   * @returns false where another instance is changing the same projection at this moment: look again what it has made of it.
   */
  async #change(call: () => Promise<unknown>): Promise<boolean> {
    try {
      await this.#connection.call(call);
      return true;
    } catch (error) {
      if (!isConflict(error)) throw error;
      await sleep(PAUSE);
      return false;
    }
  }
}

/** Until 25 the server says so in words only, `Envelope callback expected Updated, received Conflict instead` (spec 3.3, 3.11). */
const isConflict = (error: unknown): boolean =>
  error instanceof Error &&
  (/received (Conflict|OperationFailed) instead/.test(error.message) || (error as { code?: unknown }).code === 6);

const typeOf = (error: Error): string => String((error as { readonly type?: unknown }).type ?? "");
