import { startEndpoint } from "../../src/index.ts";
import { ledger, relay } from "./relay.ts";

/** Runs the components until it is killed. First argument: the connection string. */
await startEndpoint([relay, ledger], { connectionString: process.argv[2] ?? "" });
process.stdout.write("ready\n");
