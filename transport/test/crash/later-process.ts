import { startEndpoint } from "../../src/index.ts";
import { patient } from "./later.ts";

/** An instance of the component in a process of its own, until it is killed. */
const [connectionString = ""] = process.argv.slice(2);
await startEndpoint([patient], { connectionString, deploy: false });
process.stdout.write("started\n");
