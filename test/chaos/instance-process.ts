/**
 * Runs the system until it is killed, and says so when it runs. Arguments: the connection string, and the version as JSON.
 * What ends it otherwise is a finding: a server that is away is no reason.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { ServerUnreachable, startEndpoint } from "@sluice/transport";
import { system, type Version } from "./system.ts";

const [, , connectionString = "", version = ""] = process.argv;
process.once("disconnect", () => process.exit());
for (;;) {
  try {
    await startEndpoint(system(JSON.parse(version) as Version), { connectionString });
    break;
  } catch (error) {
    if (!(error instanceof ServerUnreachable)) throw error;
    await sleep(100);
  }
}
process.stdout.write("ready\n");
