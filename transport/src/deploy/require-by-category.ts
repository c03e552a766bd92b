import { setTimeout as sleep } from "node:timers/promises";
import { AccessRefused } from "../store/access-refused.ts";
import { ServerUnreachable } from "../store/server-unreachable.ts";
import type { Store } from "../store/store.ts";
import { ProjectionsNotRunning } from "./projections-not-running.ts";

/** Looks, {@link PAUSE} apart, at projections that are about to run: those of a server that has just started. */
const LOOKS = 50;
const PAUSE = 200;

/**
 * Refuses a server on which no message travels. One that does not answer is only away: a follower, or a leader whose projections
 * still start, says nothing at all (cluster.md).
 * @throws ProjectionsNotRunning, ServerUnreachable, AccessRefused
 */
export async function requireByCategory({
  address,
  projections,
}: Pick<Store, "address" | "projections">): Promise<void> {
  for (let looks = 1; ; looks += 1) {
    let found: Awaited<ReturnType<typeof projections.statusOf>>;
    try {
      found = await projections.statusOf("$by_category");
    } catch (cause) {
      if (cause instanceof AccessRefused || cause instanceof ServerUnreachable) throw cause;
      throw new ProjectionsNotRunning(address, "it has no projections", { cause });
    }
    if (found?.state === "running") return;
    if (found?.state !== "changing" || looks === LOOKS) {
      throw new ProjectionsNotRunning(address, found?.status ?? "it is not there");
    }
    await sleep(PAUSE);
  }
}
