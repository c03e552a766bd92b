import { startEndpoint } from "../../src/index.ts";
import { counting } from "./counting.ts";

/** Runs the aggregate. First argument: the connection string. Says what becomes of each message. */
process.stdout.write("ready\n");
await startEndpoint([counting], {
  connectionString: process.argv[2] ?? "",
  deploy: false,
  on: (event) => void process.stdout.write(`${event.kind}\n`),
});
