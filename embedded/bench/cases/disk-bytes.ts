import { setTimeout as sleep } from "node:timers/promises";
import type { Case } from "../bench.ts";
import { writtenTo } from "../device.ts";
import { eventData } from "../events.ts";
import { figure } from "../figure.ts";
import { append } from "../load.ts";
import { stream } from "./appends.ts";

/** Milliseconds after which the tables have all that was appended. */
const INDEXED = 2_500;

/** What goes to the device for each event of some 480 bytes: journal, tables and what the file system adds. */
export const diskBytes: Case = {
  name: "disk-bytes",
  async measure(bench) {
    const directory = await bench.seeded({});
    const { client } = await bench.serverOn(directory);
    const samples = await bench.measured([
      {
        name: "Sluice",
        async run(seconds) {
          const before = writtenTo(directory);
          const sample = await append(client, seconds, { stream, event: eventData });
          await sleep(INDEXED);
          return { bytes: (writtenTo(directory) - before) / (sample["events"] ?? Number.NaN) };
        },
      },
    ]);
    const goal = { of: "value", limit: 4096 } as const;
    return [figure({ name: "written to disk", unit: "bytes/event", of: "bytes", better: "less", goal }, samples)];
  },
};
