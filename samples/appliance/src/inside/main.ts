import { uptime } from "node:os";
import { Heaps } from "@sluice/sample-isolation";
import { pricing } from "@sluice/sample-isolation/pricing";
import { startEndpoint } from "@sluice/transport";
import { SERVER } from "../addresses.ts";
import { MachineStarted } from "../messages.ts";
import { aboutThisMachine } from "./about.ts";

/** An emulated processor is some twenty times slower than the one that emulates it. */
const START_WITHIN = 300_000;
const HANDLER_MILLISECONDS = 10_000;

/** All that the machine runs: the component of the sample about isolation, as it is there. */
const heaps = new Heaps({ threads: 1, milliseconds: HANDLER_MILLISECONDS });
const endpoint = await startEndpoint([pricing(heaps)], {
  connectionString: `esdb://${SERVER.host}:${SERVER.port}?tls=false`,
  startWithin: START_WITHIN,
  on: (event) => {
    if (event.kind === "handled") return;
    process.stdout.write(`${uptime().toFixed(1)} s ${event.kind}${"error" in event ? whyOf(event.error) : ""}\n`);
  },
});
process.stdout.write("The component handles messages.\n");
await endpoint.publish(MachineStarted, await aboutThisMachine());

/** What has failed, and because of what. */
function whyOf(error: unknown): string {
  return error instanceof Error ? `: ${error.message}${whyOf(error.cause)}` : "";
}
