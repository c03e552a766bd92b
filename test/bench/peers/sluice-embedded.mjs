// The embedded server that the adapters in this folder are measured on. SLUICE_DIR names the checkout (installed).
import path from "node:path";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { launch, portOpen, sleep } from "../lib.mjs";

export const root = path.resolve(process.env.SLUICE_DIR ?? "");
/** Takes a package from where the checkout's own tests find it: the same copy that its sources use. */
export const packageOf = createRequire(`${root}/test/package.json`);
export const fromTransport = (file) => import(pathToFileURL(`${root}/transport/src/${file}`).href);

const { openParked } = await fromTransport("index.ts");
const { EventStoreDBClient } = packageOf("@eventstore/db-client");

/** What every system on it says of itself. */
export const infoOf = (client, sends) => ({
  server: "Sluice embedded",
  client,
  durability: "disk; an append is confirmed after the flush to disk",
  sendConfirmed: true,
  twoSends: sends === "direct" ? "2 appends, both confirmed, then ack" : "one atomic append of both, then ack",
});

/** Starts it with fresh data in `dir`, and with the options that EMBEDDED_ARGS says. */
export async function startServer(dir, port) {
  const connectionString = `esdb://127.0.0.1:${port}?tls=false`;
  const args = [
    "--conditions=sluice-source",
    `${root}/embedded/src/cli/main.ts`,
    "--port",
    `${port}`,
    "--data",
    `${dir}/db`,
    ...(process.env.EMBEDDED_ARGS ?? "").split(" ").filter((option) => option !== ""),
  ];
  const server = launch(`${root}/node_modules/.bin/node`, args, { log: `${dir}/server.log`, cwd: root });
  await portOpen(port, 20000, server);
  // The one system projection that messages travel by, however the server was told to start.
  const admin = EventStoreDBClient.connectionString(connectionString);
  await admin.enableProjection("$by_category");
  await admin.dispose();
  return {
    pid: server.pid,
    connectionString,
    /** Waits until the queue holds `n` messages. */
    async waiting(q, n) {
      const client = EventStoreDBClient.connectionString(connectionString);
      for (;;) {
        try {
          const events = client.readStream(`$ce-in.${q}`, { direction: "backwards", fromRevision: "end", maxCount: 1 });
          for await (const { link, event } of events) {
            if (Number((link ?? event).revision) >= n - 1) return await client.dispose();
          }
        } catch {
          // It is not there yet.
        }
        await sleep(50);
      }
    },
    /** Messages that nobody has handled in the end. */
    async left(q) {
      const parked = openParked(q, { connectionString });
      const { messages } = await parked.list();
      await parked.close();
      return messages.length;
    },
    stop: () => server.stop(),
  };
}
