import { setImmediate as turn } from "node:timers/promises";
import type { ConformanceClock } from "@sluice/transport/conformance";

/** Time that passes only while somebody sleeps, so that what takes an hour takes no time, and a busy machine changes nothing. */
export class VirtualClock implements ConformanceClock {
  #now = Date.UTC(2026, 0, 1);
  #timers: { readonly at: number; readonly fire: () => void }[] = [];

  now(): Date {
    return new Date(this.#now);
  }

  at(time: Date, fire: () => void): void {
    this.#timers.push({ at: time.getTime(), fire });
  }

  async sleep(milliseconds: number): Promise<void> {
    this.#now += milliseconds;
    const due = this.#timers.filter(({ at }) => at <= this.#now);
    this.#timers = this.#timers.filter((timer) => !due.includes(timer));
    for (const { fire } of due.sort((one, other) => one.at - other.at)) fire();
    for (let turns = 0; turns < 3; turns += 1) await turn();
  }
}
