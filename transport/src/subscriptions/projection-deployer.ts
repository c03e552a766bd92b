import { setTimeout as sleep } from "node:timers/promises";
import type { GeneratedProjection } from "../topology/generated.ts";
import type { DeployedProjection } from "../store/projections.ts";
import type { Store } from "../store/store.ts";
import { nextStep } from "./projection-plan.ts";
import { ProjectionRefused } from "./projection-refused.ts";

/** Steps until a projection must be as wanted, some 20 ms each at least: a restart of a busy one takes hundreds of ms. */
const PATIENCE = 500;
const PAUSE = 20;

/** The text a projection should have, given what is deployed under its name. */
export type WantedOver = (deployed: DeployedProjection | undefined) => GeneratedProjection;

export type ProjectionAction = "created" | "updated" | "started" | "unchanged";

/** The projections of a server, as a deployment sees and changes them. One change at a time: the server queues them badly. */
export class ProjectionDeployer {
  readonly #store: Pick<Store, "logEnd">;
  readonly #projections: Store["projections"];

  constructor(store: Pick<Store, "projections" | "logEnd">) {
    this.#store = store;
    this.#projections = store.projections;
  }

  /**
   * Makes a projection as wanted, and running. Interrupted anywhere, it goes on when called again.
   * @param wantedOver what is wanted where `deployed` stands; asked anew after each change, since others may deploy at the same time.
   * @throws ProjectionRefused, ServerUnreachable
   */
  async ensure(name: string, wantedOver: WantedOver): Promise<ProjectionAction> {
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
        if (await this.#change(this.#projections.create(name, wanted.text))) {
          action = "created";
        }
      } else if (step === "update") {
        const done = await this.#change(this.#projections.update(name, wanted.text));
        if (done && action === "unchanged") action = "updated";
      } else if (step === "start") {
        const done = await this.#change(this.#projections.enable(name));
        if (done && action === "unchanged") action = "started";
      } else await sleep(PAUSE);
    }
    const last = await this.find(name);
    throw new ProjectionRefused(name, "stuck", last?.status ?? "missing", last?.reason ?? "");
  }

  /** Stops a running projection with a checkpoint, and waits until it has stopped. */
  async stop(name: string): Promise<void> {
    for (let tries = 0, asked = false; tries < PATIENCE; tries += 1) {
      asked ||= await this.#change(this.#projections.disable(name));
      const deployed = await this.find(name);
      if (deployed?.state === "stopped") return;
      if (deployed?.state === "faulted") throw new ProjectionRefused(name, "faulted", deployed.status, deployed.reason);
      await sleep(PAUSE);
    }
    throw new ProjectionRefused(name, "stuck", "it does not stop", "");
  }

  /** The projection as it is now; undefined where there is none. */
  find(name: string): Promise<DeployedProjection | undefined> {
    return this.#projections.find(name);
  }

  /** Place behind the last event of the log. */
  async logEnd(): Promise<number> {
    return Number(await this.#store.logEnd()) + 1;
  }

  /** @returns false where another instance is changing the same projection at this moment: look again what it has made of it. */
  async #change(done: Promise<boolean>): Promise<boolean> {
    if (await done) return true;
    await sleep(PAUSE);
    return false;
  }
}
