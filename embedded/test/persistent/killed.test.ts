import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { EventStoreDBClient, PARK } from "@eventstore/db-client";
import { append, atEnd, checkpointStream, follow, parkedStream, read, settings, settled } from "./harness.ts";

const SERVER = `
  import { startEmbedded } from ${JSON.stringify(new URL("../../src/index.ts", import.meta.url).href)};
  const { connectionString } = await startEmbedded({ data: process.argv[1], port: 0 });
  process.send(connectionString);
`;

/** A server in a process of its own, which can be killed. */
async function start(t: TestContext, data: string): Promise<{ client: EventStoreDBClient; kill: () => Promise<void> }> {
  const child: ChildProcess = spawn(
    process.execPath,
    ["--conditions=sluice-source", "--input-type=module", "-e", SERVER, data],
    { stdio: ["ignore", "ignore", "inherit", "ipc"] },
  );
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const kill = async (): Promise<void> => {
    child.kill("SIGKILL");
    await exited;
  };
  atEnd(t, kill);
  const connection = await new Promise<string>((resolve) => child.once("message", (told) => resolve(String(told))));
  const client = EventStoreDBClient.connectionString(connection);
  atEnd(t, () => void client.dispose());
  return { client, kill };
}

test("killed – again and again under load: no event is lost, what is parked stays parked, no checkpoint passes the unhandled", async (t) => {
  const data = await mkdtemp(join(tmpdir(), "sluice-killed-"));
  atEnd(t, () => rm(data, { recursive: true, force: true }));
  const handled = new Set<number>();
  const count = 500;
  for (let life = 0; life < 3; life++) {
    const { client, kill } = await start(t, data);
    if (life === 0) {
      const often = { checkPointLowerBound: 1, checkPointUpperBound: 10 };
      await client.createPersistentSubscriptionToStream("s", "g", settings(often));
      await append(client, "s", count);
    }
    const checkpoint = Number(JSON.parse((await read(client, checkpointStream("s", "g"))).at(-1) ?? '"-1"'));
    const parked = new Set((await read(client, parkedStream("s", "g"))).map((link) => Number.parseInt(link, 10)));
    for (let n = 0; n <= checkpoint; n++) {
      assert.ok(handled.has(n) || parked.has(n), `the checkpoint ${checkpoint} passes ${n}, which nobody has handled`);
    }
    let came = 0;
    let enough = (): void => {};
    const isEnough = new Promise<void>((resolve) => (enough = resolve));
    const one = await follow(client, "s", "g", 20, (event, { subscription }) => {
      const n = Number(event.event!.revision);
      if (n % 10 === 3) void subscription.nack(PARK, "", event).catch(() => {});
      else {
        handled.add(n);
        void subscription.ack(event).catch(() => {});
      }
      if (++came === 120) enough();
    });
    one.subscription.on("error", () => {});
    if (life < 2) {
      await isEnough;
      await kill();
    } else await settled(client, "s", "g");
    if (life < 2) continue;
    const all = new Set((await read(client, parkedStream("s", "g"))).map((link) => Number.parseInt(link, 10)));
    for (let n = 0; n < count; n++) assert.ok(n % 10 === 3 ? all.has(n) : handled.has(n), `${n} is lost`);
  }
});
