/** Deploys a version, says so before it begins, and ends. Arguments: the connection string, and the version as JSON. */
import { deploy } from "@sluice/transport";
import { system, type Version } from "./system.ts";

const [, , connectionString = "", version = ""] = process.argv;
process.once("disconnect", () => process.exit());
process.stdout.write("ready\n");
await deploy(system(JSON.parse(version) as Version), { connectionString });
process.disconnect();
