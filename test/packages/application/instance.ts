/** One instance of all components: says `ready`, then what was shipped once as much as asked for was, and stops. */
import { once } from "node:events";
import { startEndpoint } from "@sluice/transport";
import { billing, sales, shipped, shipping } from "./components.ts";

const [, , connectionString = "", orders = ""] = process.argv;
const components = [sales, billing, shipping];
const endpoint = await startEndpoint(components, { connectionString });
console.log("ready");
const rows = await endpoint.view(shipped).until(({ size }) => size === Number(orders));
console.log(JSON.stringify([...rows].sort()));
// Both see all of it before either goes.
await once(process.stdin.resume(), "end");
await endpoint.stop();
