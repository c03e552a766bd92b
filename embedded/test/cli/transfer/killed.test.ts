import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { runningServer } from "../../grpc/running-server.ts";
import { until } from "../../until.ts";
import { directoryFor } from "../directory-for.ts";
import { running } from "../running-command.ts";
import { exported, imported } from "./commands.ts";
import { fill, handle, seen, send, settled } from "./everything.ts";

test("import – killed again and again, it goes on, and ends as one that was not", async (t) => {
  const file = join(directoryFor(t), "everything.ndjson");
  const source = await runningServer(t);
  await fill(source.client, source.server.connectionString);
  await handle(t, source.client, ["$ce-in.D", "D"], 9, 4);
  await exported(t, source.server.connectionString, file);
  const target = await runningServer(t);
  const args = ["import", "--from", file, "--connection", target.server.connectionString, "--json"];
  let arrived = 0;
  const arriving = target.client.subscribeToAll();
  arriving.on("error", () => {});
  arriving.on("data", ({ event }) => {
    if (event?.streamId.startsWith("$") === false) arrived++;
  });
  t.after(() => arriving.unsubscribe());
  // How far it has come when it is killed: told by what the target holds, so that each kill comes at another point.
  for (const point of [1, 60, 120, 180]) {
    const { child, end } = running(t, ...args);
    await until("it comes so far", () => child.exitCode !== null || arrived >= point);
    child.kill("SIGKILL");
    await end();
  }
  await imported(t, file, target.server.connectionString);
  const wanted = await seen(source.client);
  delete wanted["old"];
  assert.deepEqual(await seen(target.client), wanted);
  for (const { client } of [source, target]) {
    await send(client, 50, 10);
    await settled(client, 60);
  }
  const [here, there] = await Promise.all(
    [source, target].map(({ client }) => handle(t, client, ["$ce-in.D", "D"], 24)),
  );
  assert.deepEqual(there, here);
});
