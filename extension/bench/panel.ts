/**
 * What the stream panel promises in figures, on an embedded server in a process of its own; printed as tables.
 *
 *   npm run bench:panel -w extension [-- --events 1000000 --seconds 60 --only "first page"]
 */
import { globSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ServerProcess } from "../../test/server-process.ts";
import { openEventStore } from "../src/event-store/open-event-store.ts";
import type { BenchCase } from "./panel-case.ts";
import { seededDirectory, seededStream } from "./seeded-directory.ts";

const { values } = parseArgs({
  options: {
    events: { type: "string", default: "1000000" },
    seconds: { type: "string", default: "60" },
    only: { type: "string", default: "" },
  },
});
const events = Number(values.events);
const seconds = Number(values.seconds);

const data = await seededDirectory(events);
const server = await ServerProcess.start(["--data", data, "--insecure"]);
const store = await openEventStore(server.connectionString);
try {
  for (const file of globSync("panel/*.ts", { cwd: import.meta.dirname }).sort()) {
    const { benchCase } = (await import(join(import.meta.dirname, file))) as { benchCase: BenchCase };
    if (!benchCase.name.includes(values.only)) continue;
    console.log(`\n| ${benchCase.name} | |\n| --- | --- |`);
    const figures = await benchCase.run({ store, stream: seededStream(events), events, seconds });
    for (const [figure, value] of Object.entries(figures)) console.log(`| ${figure} | ${value} |`);
  }
} finally {
  store.close();
  await server.stop();
  await rm(data, { recursive: true, force: true });
}
