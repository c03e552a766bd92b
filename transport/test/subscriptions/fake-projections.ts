import type { FilterHost } from "../../src/subscriptions/filter.ts";
import type { DeployedProjection } from "../../src/store/projections.ts";
import type { WantedOver } from "../../src/subscriptions/projection-deployer.ts";
import { runProjection } from "../topology/run-projection.ts";

interface Running {
  text: string;
  state: "running" | "stopped";
  /** Place in the log of the next event it handles. */
  next: number;
}

/** A deployment that is cut off where it stands. */
export class Interrupted extends Error {}

/**
 * A log of published events and the projections over it, which handle what is there whenever they run. Between any two calls of a
 * deployment more may be published, and any call may be the one at which the deployment is cut off.
 */
export class FakeProjections implements FilterHost {
  readonly #projections = new Map<string, Running>();
  readonly #published: string[] = [];
  readonly #links: string[] = [];
  readonly #between: () => number;
  #callsLeft = Infinity;

  /** @param between how many events are published before the next call. */
  constructor(between: () => number) {
    this.#between = between;
  }

  /** Cuts the deployment off at its n-th call from now. */
  interruptAfter(calls: number): void {
    this.#callsLeft = calls;
  }

  publish(count: number): void {
    for (let n = 0; n < count; n += 1) this.#published.push(`T${this.#published.length % 3}`);
    this.#run();
  }

  /** Numbers of the events linked into the queue, in the order of the links. */
  linked(): readonly number[] {
    return this.#links.map((link) => Number(link.split("@")[0]));
  }

  /** Numbers of all events of a type. */
  all(type: string): readonly number[] {
    return this.#published.flatMap((of, n) => (of === type ? [n] : []));
  }

  typeOf(n: number): string {
    return this.#published[n]!;
  }

  async find(name: string): Promise<DeployedProjection | undefined> {
    this.#call();
    const found = this.#projections.get(name);
    return (
      found && {
        text: found.text,
        emits: true,
        state: found.state,
        status: found.state,
        reason: "",
        progress: 100,
        position: "",
        checkpoint: "",
      }
    );
  }

  async ensure(name: string, wantedOver: WantedOver): Promise<"created" | "updated"> {
    const { text } = wantedOver(await this.find(name));
    const found = this.#projections.get(name);
    if (found === undefined) this.#projections.set(name, { text, state: "running", next: 0 });
    else Object.assign(found, { text, state: "running" });
    this.#run();
    return found === undefined ? "created" : "updated";
  }

  async stop(name: string): Promise<void> {
    this.#call();
    this.#projections.get(name)!.state = "stopped";
  }

  async logEnd(): Promise<number> {
    this.#call();
    return this.#published.length;
  }

  #call(): void {
    this.publish(this.#between());
    this.#callsLeft -= 1;
    if (this.#callsLeft < 0) throw new Interrupted();
  }

  #run(): void {
    for (const projection of this.#projections.values()) {
      if (projection.state !== "running") continue;
      const events = this.#published.slice(projection.next).map((eventType, n) => ({
        eventType,
        streamId: "s",
        sequenceNumber: projection.next + n,
        linkMetadata: { $c: projection.next + n },
      }));
      projection.next = this.#published.length;
      this.#links.push(...runProjection(projection.text, events).links.map(([, link]) => link));
    }
  }
}
