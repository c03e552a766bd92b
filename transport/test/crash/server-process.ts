import { startEmbedded } from "@sluice/embedded";

/** Runs a server until it is killed. Arguments: data directory, port. Prints its connection string. */
const [, , data = "", port = "0"] = process.argv;
const server = await startEmbedded({ data, port: Number(port) });
process.stdout.write(`${server.connectionString}\n`);
