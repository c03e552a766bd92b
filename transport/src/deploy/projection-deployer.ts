import type { DeployedProjection } from "../store/projections.ts";
import type { GeneratedProjection } from "../topology/generated.ts";
import type { DeployStep } from "./change.ts";
import type { DeployEnvironment, DeployHost } from "./host.ts";
import type { Lease } from "./lease.ts";
import { nextStep } from "./projection-plan.ts";
import { ProjectionRefused } from "./projection-refused.ts";

/** Steps until a projection must be as wanted, some 20 ms each at least: a restart of a busy one takes hundreds of ms. */
const PATIENCE = 500;
const PAUSE = 20;

/** The projections of a server as one deployment changes them: one change at a time, since the server queues them badly. */
export class ProjectionDeployer {
  readonly #projections: DeployHost["projections"];
  readonly #lease: Pick<Lease, "hold">;
  readonly #environment: DeployEnvironment;
  readonly #done: (step: DeployStep) => void;
  /** What this deployment has stopped, with the text it has. */
  readonly #stopped = new Set<string>();

  constructor(
    host: Pick<DeployHost, "projections">,
    lease: Pick<Lease, "hold">,
    environment: DeployEnvironment,
    done: (step: DeployStep) => void,
  ) {
    this.#projections = host.projections;
    this.#lease = lease;
    this.#environment = environment;
    this.#done = done;
  }

  /** The projection as it is now; undefined where there is none. */
  find(name: string): Promise<DeployedProjection | undefined> {
    return this.#projections.find(name);
  }

  /**
   * Makes a projection as wanted. Interrupted anywhere, it goes on when called again.
   * @param starts see {@link nextStep}.
   * @throws ProjectionRefused, LeaseLost, ServerUnreachable
   */
  async ensure(wanted: GeneratedProjection, starts: boolean): Promise<void> {
    const { name } = wanted;
    let action: DeployStep["action"] = "unchanged";
    for (let tries = 0; tries < PATIENCE; tries += 1) {
      const found = await this.find(name);
      const step = nextStep(found, wanted, starts || this.#stopped.has(name));
      if (step === "done") {
        this.#stopped.delete(name);
        return this.#done({ kind: "projection", name, action });
      }
      if (typeof step === "object") {
        throw new ProjectionRefused(name, step.refused, found?.status ?? "", found?.reason ?? "");
      }
      await this.#lease.hold();
      if (step === "create") {
        if (await this.#projections.create(name, wanted.text)) action = "created";
        else await this.#pause();
      } else if (step === "update") {
        if (!(await this.#projections.update(name, wanted.text))) await this.#pause();
        else if (action === "unchanged") action = "updated";
      } else if (step === "start") {
        if (!(await this.#projections.enable(name))) await this.#pause();
        else if (action === "unchanged") action = "started";
      } else await this.#pause();
    }
    throw await this.#stuck(name);
  }

  /** Stops a projection with a checkpoint, and waits until it has stopped; one that has faulted stands still already. */
  async stop(name: string): Promise<void> {
    for (let tries = 0, asked = false; tries < PATIENCE; tries += 1) {
      const found = await this.find(name);
      if (found === undefined || found.state === "faulted" || found.state === "stopped") return;
      if (!asked || found.state === "running") {
        await this.#lease.hold();
        this.#stopped.add(name);
        asked = await this.#projections.disable(name);
      }
      await this.#pause();
    }
    throw await this.#stuck(name);
  }

  /** Removes a projection, which is stopped before. What it wrote stays. */
  async remove(name: string): Promise<void> {
    for (let tries = 0, removed = false; tries < PATIENCE; tries += 1) {
      const found = await this.find(name);
      if (found === undefined) {
        this.#stopped.delete(name);
        return this.#done({ kind: "projection", name, action: removed ? "removed" : "unchanged" });
      }
      // The server answers before it is gone.
      if (removed) await this.#pause();
      else if (found.state === "stopped" || found.state === "faulted") {
        await this.#lease.hold();
        removed = await this.#projections.remove(name);
      } else await this.stop(name);
    }
    throw await this.#stuck(name);
  }

  /** Lets run again what was stopped and not finished: the deployment is given up. */
  async restore(): Promise<void> {
    for (const name of this.#stopped) {
      const found = await this.find(name);
      if (found?.state === "stopped") await this.#projections.enable(name);
    }
  }

  #pause(): Promise<void> {
    return this.#environment.sleep(PAUSE);
  }

  async #stuck(name: string): Promise<ProjectionRefused> {
    const last = await this.find(name);
    return new ProjectionRefused(name, "stuck", last?.status ?? "missing", last?.reason ?? "");
  }
}
