import { startEndpoint } from "../../src/index.ts";
import { namesOf } from "../names.ts";
import { relayAndLedger } from "./relay.ts";

/** Runs the components until it is killed. Arguments: the connection string, the run. */
const [, , connectionString = "", run = ""] = process.argv;
await startEndpoint(relayAndLedger(namesOf(run)), { connectionString });
process.stdout.write("ready\n");
