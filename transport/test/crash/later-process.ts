import { startEndpoint } from "../../src/index.ts";
import { namesOf } from "../names.ts";
import { patient } from "./later.ts";

/** An instance of the component in a process of its own, until it is killed. */
const [, , connectionString = "", run = ""] = process.argv;
await startEndpoint([patient(namesOf(run))], { connectionString, deploy: false });
process.stdout.write("started\n");
