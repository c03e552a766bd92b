import { startEndpoint } from "../../src/index.ts";
import { namesOf } from "../names.ts";
import { counting } from "./counting.ts";

/** Runs the aggregate. Arguments: the connection string, the run. Says what becomes of each message. */
process.stdout.write("ready\n");
const [, , connectionString = "", run = ""] = process.argv;
await startEndpoint([counting(namesOf(run))], {
  connectionString,
  deploy: false,
  on: (event) => void process.stdout.write(`${event.kind}\n`),
});
