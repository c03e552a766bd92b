import { startEndpoint } from "../../src/index.ts";
import { press } from "./killer.ts";

/** Runs the component until a message kills it. First argument: the connection string. */
process.stdout.write("ready\n");
await startEndpoint([press], { connectionString: process.argv[2] ?? "", deploy: false });
