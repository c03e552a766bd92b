import assert from "node:assert/strict";
import { test } from "node:test";
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
