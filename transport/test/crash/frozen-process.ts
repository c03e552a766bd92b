import { setTimeout as sleep } from "node:timers/promises";
import { startEndpoint } from "../../src/index.ts";
import { namesOf } from "../names.ts";
import { slow } from "./frozen.ts";

/** A process that is only held up by others does not stand still as long as that. */
const STILL_MS = 2_000;

/** Runs the component. Arguments: the connection string, the run. Says "begun" when it handles a message, "ended …" for what became of it. */
process.stdout.write("ready\n");
const [, , connectionString = "", run = ""] = process.argv;

/** A handler ends when its process has stood still since it began, however long it took until it was stopped. */
async function untilFrozen(): Promise<void> {
  process.stdout.write("begun\n");
  for (let before = Date.now(); Date.now() - before < STILL_MS;) {
    before = Date.now();
    await sleep(20);
  }
}

await startEndpoint([slow(namesOf(run), untilFrozen)], {
  connectionString,
  deploy: false,
  on: (event) => void process.stdout.write(`${event.kind}\n`),
});
