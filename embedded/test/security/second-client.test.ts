import assert from "node:assert/strict";
import { test } from "node:test";
import { AccessDeniedError, jsonEvent, KurrentDBClient } from "@kurrent/kurrentdb-client";
import { startEmbedded } from "../../src/index.ts";

// In a file of its own: the generated messages of the two official clients do not get along in one process.
test("access – the second official client, which reads through a bridge of its own, is let in and kept out as well", async (t) => {
  const server = await startEmbedded({ memory: true, port: 0, tls: true });
  t.after(() => server.stop());
  const as = (login: string): KurrentDBClient => {
    const client = KurrentDBClient.connectionString(server.connectionString.replace("esdb://", `kurrentdb://${login}`));
    t.after(() => client.dispose());
    return client;
  };
  const read = async (client: KurrentDBClient, stream: string): Promise<number> => {
    let count = 0;
    for await (const _event of client.readStream(stream)) count++;
    return count;
  };
  const ops = as("ops:changeit@");
  await ops.appendToStream("open", jsonEvent({ type: "Happened", data: {} }));
  await as("admin:changeit@").setStreamMetadata("closed", { acl: { readRoles: ["$admins"] } as never });
  assert.equal(await read(ops, "open"), 1);
  await assert.rejects(read(ops, "closed"), AccessDeniedError);
  await assert.rejects(read(ops, "$users"), AccessDeniedError);
  assert.equal(await read(as("admin:changeit@"), "$users"), 2);
  for (const login of ["ops:wrong@", ""]) {
    await assert.rejects(read(as(login), "open"), AccessDeniedError);
    await assert.rejects(as(login).appendToStream("open", jsonEvent({ type: "No", data: {} })), AccessDeniedError);
  }
});
