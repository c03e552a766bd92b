import { setTimeout as sleep } from "node:timers/promises";
import { backoff } from "./backoff.ts";
import type { Calls } from "./calls.ts";
import type { Environment } from "./environment.ts";
import { ServerUnreachable } from "./server-unreachable.ts";

/** How long it is tried to reach a server. */
export interface Patience extends Environment {
  /** The moment, by `now`, from which on a failure is told. May come nearer or go farther while it is tried. */
  readonly until: () => number;
}

/** Does it again, with growing pauses, while the server is only away. It must be safe to repeat. @throws what it throws last */
export async function patiently<Result>(
  { until, now, random }: Patience,
  attempt: () => Promise<Result>,
): Promise<Result> {
  for (let failures = 1; ; failures += 1) {
    try {
      return await attempt();
    } catch (error) {
      const wait = backoff(failures, random());
      if (!(error instanceof ServerUnreachable) || now() + wait >= until()) throw error;
      await sleep(wait);
    }
  }
}

/** The same calls, each made again while the server is only away. For what is safe to repeat. */
export const patient = (calls: Calls, patience: Patience): Calls => ({
  address: calls.address,
  call: (call) => patiently(patience, () => calls.call(call)),
  withStub: (stub, limit, action) => patiently(patience, () => calls.withStub(stub, limit, action)),
  get slowness() {
    return calls.slowness;
  },
  heard: () => calls.heard(),
  suspect: () => calls.suspect(),
  unreachable: (why) => calls.unreachable(why),
});
