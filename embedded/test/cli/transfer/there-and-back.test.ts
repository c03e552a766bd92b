import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { runningServer } from "../../grpc/running-server.ts";
import { directoryFor } from "../directory-for.ts";
import { exported, imported } from "./commands.ts";
import { fill, seen } from "./everything.ts";

test("export and import – to another server and back, and again, it is the same", async (t) => {
  const directory = directoryFor(t);
  const servers = await Promise.all([1, 2, 3].map(() => runningServer(t)));
  const [first, second, third] = servers.map(({ server }) => server.connectionString);
  await fill(servers[0]!.client, first!);
  await exported(t, first!, join(directory, "1.ndjson"));
  await imported(t, join(directory, "1.ndjson"), second!);
  await exported(t, second!, join(directory, "2.ndjson.gz"));
  await imported(t, join(directory, "2.ndjson.gz"), third!);
  const wanted = await seen(servers[1]!.client);
  assert.deepEqual(await seen(servers[2]!.client), wanted);
  assert.ok(Object.keys(wanted).length > 20);
});
