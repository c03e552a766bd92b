import { startEndpoint } from "../../src/index.ts";
import { slow } from "./frozen.ts";

/** Runs the component. First argument: the connection string. Says "begun" when it handles a message, "ended …" for what became of it. */
process.stdout.write("ready\n");
await startEndpoint([slow(() => void process.stdout.write("begun\n"))], {
  connectionString: process.argv[2] ?? "",
  deploy: false,
  on: (event) => void process.stdout.write(`${event.kind}\n`),
});
