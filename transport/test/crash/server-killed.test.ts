import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { test } from "node:test";
import { EventStoreDBClient } from "@eventstore/db-client";
import { type EndpointEvent, startSender, ServerUnreachable, startEndpoint } from "../../src/index.ts";
import { until } from "../endpoint/harness.ts";
import { startChild } from "./child.ts";
import { assertExactlyOnce } from "./exactly-once.ts";
import { namesOf, newRun } from "../names.ts";
import { onOwnServer } from "../server-under-test.ts";
import { relayAndLedger, relayOf } from "./relay.ts";

test(
  "receiving – 20. the server killed and restarted on its data, under traffic: goes on by itself, nothing lost, nothing twice",
  onOwnServer("it kills the server"),
  async (t) => {
    const data = await mkdtemp(join(tmpdir(), "sluice-"));
    let server = await startChild("server-process.ts", data);
    const connectionString = server.said;
    const port = /:(\d+)\?/.exec(connectionString)![1]!;
    const name = namesOf(newRun());
    const seen: EndpointEvent[] = [];
    const endpoint = await startEndpoint(relayAndLedger(name), { connectionString, on: (o) => void seen.push(o) });
    const sender = await startSender("test", { connectionString });
    const client = EventStoreDBClient.connectionString(connectionString);
    t.after(async () => {
      await endpoint.stop({ deadline: 1_000 });
      await sender.stop();
      await client.dispose();
      await server.kill();
      await rm(data, { recursive: true });
    });
    const count = 300;
    let sent = 0;
    const flow = (async () => {
      for (; sent < count; sent += 1) {
        const id = crypto.randomUUID();
        for (;;) {
          try {
            await sender.send(relayOf(name), { n: sent }, { id });
            break;
          } catch (error) {
            assert.ok(error instanceof ServerUnreachable, String(error));
            await sleep(50);
          }
        }
      }
    })();
    const connections = () => seen.filter((o) => o.kind === "connected" && o.component === name("relay")).length;
    for (let killed = 0; killed < 3; killed += 1) {
      await until("it is connected again", () => connections() > killed);
      await sleep(Math.random() * 300);
      await server.kill();
      server = await startChild("server-process.ts", data, port);
    }
    await flow;
    await assertExactlyOnce(client, name, count);
    assert.ok(endpoint.counts(name("relay")).drops >= 3);
    assert.deepEqual(
      seen.filter(({ kind }) => kind === "failed" || kind === "parked"),
      [],
      "the server's absence is nobody's failure",
    );
  },
);
