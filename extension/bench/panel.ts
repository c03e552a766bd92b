/**
 * What the stream panel promises in figures, on an embedded server in a process of its own.
 *
 *   npm run bench:panel -w extension [-- --events 1000000 --seconds 60 --only "first page"]
 */
import { globSync } from "node:fs";
import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ServerProcess } from "../../test/server-process.ts";
import type { EventStore, NewEvent } from "../src/event-store/event-store.ts";
import { openEventStore } from "../src/event-store/open-event-store.ts";
import type { BenchCase } from "./panel-case.ts";

const { values } = parseArgs({
  options: {
    events: { type: "string", default: "1000000" },
    seconds: { type: "string", default: "60" },
    only: { type: "string", default: "" },
  },
});
const events = Number(values.events);
const seconds = Number(values.seconds);

/** How many go into one append. */
const BATCH = 1_000;

const encoder = new TextEncoder();

function order(number: number): NewEvent {
  const data = {
    order: number,
    total: (number * 37) % 1_000,
    currency: "EUR",
    customer: { name: `Customer ${number % 977}` },
  };
  return {
    id: randomUUID(),
    type: number % 10 === 0 ? "OrderPaid" : "OrderPlaced",
    isJson: true,
    data: encoder.encode(JSON.stringify(data)),
    metadata: encoder.encode(JSON.stringify({ $correlationId: `c-${number % 101}` })),
  };
}

async function seed(store: EventStore): Promise<void> {
  for (let first = 0; first < events; first += BATCH) {
    const count = Math.min(BATCH, events - first);
    await store.append(
      "million",
      "any",
      Array.from({ length: count }, (_, index) => order(first + index)),
    );
  }
}

const data = await mkdtemp(join(tmpdir(), "sluice-bench-"));
const server = await ServerProcess.start(["--data", data, "--insecure"]);
const store = await openEventStore(server.connectionString);
try {
  await seed(store);
  for (const file of globSync("panel/*.ts", { cwd: import.meta.dirname }).sort()) {
    const { benchCase } = (await import(join(import.meta.dirname, file))) as { benchCase: BenchCase };
    if (!benchCase.name.includes(values.only)) continue;
    console.log(benchCase.name);
    const figures = await benchCase.run({ connectionString: server.connectionString, store, events, seconds });
    for (const [figure, value] of Object.entries(figures)) console.log(`  ${figure}: ${value}`);
  }
} finally {
  store.close();
  await server.stop();
  await rm(data, { recursive: true, force: true });
}
