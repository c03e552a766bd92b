import { startEndpoint } from "../../src/index.ts";
import { namesOf } from "../names.ts";
import { press } from "./killer.ts";

/** Runs the component until a message kills it. Arguments: the connection string, the run. */
process.stdout.write("ready\n");
const [, , connectionString = "", run = ""] = process.argv;
await startEndpoint([press(namesOf(run))], { connectionString, deploy: false });
