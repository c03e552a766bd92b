import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { startEmbedded } from "@sluice/embedded";
import { SluiceClient } from "@sluice/transport/nestjs";
import { firstValueFrom, lastValueFrom } from "rxjs";
import { until } from "../../until.ts";
import { bench, onEvent, onMessage } from "./application.ts";

test("nestjs – a request that is not answered when its client is closed fails, and another client's goes on", async () => {
  await using at = await bench();
  const begun: unknown[] = [];
  const gate = Promise.withResolvers<string>();
  await at.start([onMessage("orders.slow", (data) => (begun.push(data), gate.promise))]);
  const client = at.client({ name: "web" });
  const refused = assert.rejects(lastValueFrom(client.send("orders.slow", 1)), { name: "ClientClosed", client: "web" });
  const answered = lastValueFrom(at.client({ name: "web" }).send("orders.slow", 2));
  await until(async () => begun.length === 2 || undefined);
  await client.close();
  await refused;
  gate.resolve("answer");
  assert.equal(await answered, "answer");
});

for (const isConnected of [true, false])
  test(`nestjs – what a client${isConnected ? "" : " that connects yet"} emits leaves before it is closed, and it stays closed`, async () => {
    await using at = await bench();
    const seen: unknown[] = [];
    await at.start([onEvent("orders.placed", (data) => void seen.push(data))]);
    const client = at.client();
    if (isConnected) await client.connect();
    client.emit("orders.placed", 1);
    const refused = assert.rejects(lastValueFrom(client.send("orders.ask", {})), { name: "ClientClosed" });
    await client.close();
    await refused;
    await until(async () => seen.length > 0 || undefined);
    assert.deepEqual(seen, [1]);
    assert.throws(() => client.unwrap(), /connect before unwrap/);
    assert.equal(await firstValueFrom(client.status), "disconnected");
  });

test("nestjs – a client that is closed while it connects is closed, and connects anew when it is used", async () => {
  await using at = await bench();
  await at.start([onMessage("orders.ask", () => "answer")]);
  const client = at.client();
  const connected = client.connect();
  await client.close();
  await connected;
  assert.throws(() => client.unwrap(), /connect before unwrap/);
  assert.equal(await firstValueFrom(client.status), "disconnected");
  assert.equal(await lastValueFrom(client.send("orders.ask", {})), "answer");
});

test("nestjs – the status of a client tells that its server is away, and that it is back", async () => {
  const data = await mkdtemp(join(tmpdir(), "sluice-nestjs-"));
  let server = await startEmbedded({ data, port: 0 });
  const { connectionString, port } = server;
  const client = new SluiceClient({ connectionString, name: "web" });
  const statuses: string[] = [];
  client.status.subscribe((status) => statuses.push(status));
  const emit = () => lastValueFrom(client.emit("orders.placed", {}), { defaultValue: "sent" });
  try {
    await emit();
    await server.stop();
    await assert.rejects(emit(), { name: "ServerUnreachable" });
    assert.deepEqual(statuses, ["connected", "disconnected"]);
    server = await startEmbedded({ data, port });
    await until(() =>
      emit()
        .then(() => true)
        .catch(() => undefined),
    );
    assert.deepEqual(statuses, ["connected", "disconnected", "connected"]);
  } finally {
    await client.close();
    await server.stop();
    await rm(data, { recursive: true });
  }
  assert.equal(statuses.at(-1), "disconnected");
});
