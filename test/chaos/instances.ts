import { setTimeout as sleep } from "node:timers/promises";
import { type Child, startChild } from "./child.ts";
import type { Version } from "./system.ts";

/** Keeps a number of instances running, as a supervisor does: what was killed is started again. */
export class Instances implements AsyncDisposable {
  /** What instances said that ended though nobody had killed them. */
  readonly ended: string[] = [];
  /** What those run that are started from now on. */
  version: Version;
  readonly #connectionString: string;
  readonly #children: Child[] = [];
  #isOver = false;

  constructor(count: number, connectionString: string, version: Version) {
    this.#connectionString = connectionString;
    this.version = version;
    for (let slot = 0; slot < count; slot++) this.#start(slot);
  }

  /** Resolves when all that are to run now do. */
  async ready(): Promise<void> {
    for (;;) {
      const children = [...this.#children];
      // One that ends by itself has another in its place.
      await Promise.all(children.map(({ ready, ended }) => Promise.race([ready, ended])));
      if (children.every((child, slot) => child === this.#children[slot])) return;
    }
  }

  async kill(slot: number): Promise<void> {
    await this.#children[slot]!.kill();
  }

  async freeze(slot: number, milliseconds: number): Promise<void> {
    using _frozen = this.#children[slot]!.frozen();
    await sleep(milliseconds);
  }

  jumpClock(slot: number, milliseconds: number): void {
    this.#children[slot]!.jumpClock(milliseconds);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#children.map((child) => child.kill()));
  }

  #start(slot: number): void {
    const child = startChild("instance-process.ts", this.#connectionString, JSON.stringify(this.version));
    this.#children[slot] = child;
    void this.#restart(slot, child);
  }

  async #restart(slot: number, child: Child): Promise<void> {
    const said = await child.ended;
    if (said !== undefined) {
      this.ended.push(said);
      // One that cannot start is not to take the whole machine.
      await sleep(1_000);
    }
    if (!this.#isOver) this.#start(slot);
  }
}
