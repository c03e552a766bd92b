import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { jsonEvent } from "@eventstore/db-client";
import { flowOf } from "./flow.ts";
import { Reading } from "./reading.ts";

/** Milliseconds in which the server's projection must have come to the end of the log. */
const PATIENCE = 60_000;
/** Where the probes stand. No dash: no category. */
const PROBES = "probes.flow";

/**
 * The message flow of one conversation, as a Mermaid sequence diagram: what {@link flowOf} makes of `$bc-<correlation id>`, once that
 * holds all that the server had when it was asked.
 * @throws Error where the server's projection `$by_correlation_id` does not come that far.
 */
export async function messageFlow(connectionString: string, correlationId: string): Promise<string> {
  await using reading = new Reading(connectionString);
  await caughtUp(reading);
  return flowOf(await reading.stream(`$bc-${correlationId}`));
}

/** The projection takes the log in its order: once it has linked what is appended now, it has linked everything before. */
async function caughtUp(reading: Reading): Promise<void> {
  const probe = `probe-${randomUUID()}`;
  const event = jsonEvent({ type: "Probed", data: {}, metadata: { $correlationId: probe } });
  await reading.ask((client) => client.appendToStream(PROBES, event));
  for (const end = performance.now() + PATIENCE; (await reading.stream(`$bc-${probe}`)).length === 0; await sleep(20)) {
    if (performance.now() > end) {
      throw new Error("The projection $by_correlation_id has not come to the end of the log. Look whether it runs.");
    }
  }
}
