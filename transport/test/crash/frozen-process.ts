import { once } from "node:events";
import { startEndpoint } from "../../src/index.ts";
import { namesOf } from "../names.ts";
import { slow } from "./frozen.ts";

/** Runs the component. Arguments: the connection string, the run. Says "begun" when it handles a message, "ended …" for what became of it. */
process.stdout.write("ready\n");
const [, , connectionString = "", run = ""] = process.argv;

/** Settles when the process goes on after it was frozen. */
const thawed = once(process, "SIGCONT");

const handling = async (): Promise<void> => {
  process.stdout.write("begun\n");
  await thawed;
};
await startEndpoint([slow(namesOf(run), handling)], {
  connectionString,
  deploy: false,
  on: (event) => void process.stdout.write(`${event.kind}\n`),
});
