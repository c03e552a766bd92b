import { setTimeout as sleep } from "node:timers/promises";

/** Waits until `probe` gives something; the runner ends what never comes about. */
export async function until<Value>(probe: () => Promise<Value | undefined>): Promise<Value> {
  for (;;) {
    const value = await probe();
    if (value !== undefined) return value;
    await sleep(50);
  }
}
