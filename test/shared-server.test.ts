import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { EventStoreDBClient } from "@eventstore/db-client";
import { startFaultProxy } from "./faults/fault-proxy.ts";
import { ServerProcess } from "./server-process.ts";

/** A few that are quick and together do much: deploy, handle, fold, park; and one of which all are left out. */
const FILES = ["endpoint/secured", "endpoint/contention", "endpoint/process-managers", "endpoint/print-problem"];
const LATENCY_MS = 20;

test("test:server – tests pass again and again on one server, also far away; what needs its own is left out with a reason; nothing is left that costs", async (t) => {
  const data = await mkdtemp(join(tmpdir(), "sluice-"));
  const server = await ServerProcess.start(["--data", data]);
  t.after(async () => {
    await server.stop();
    await rm(data, { recursive: true });
  });
  await using far = await startFaultProxy({ target: server.port, latency: LATENCY_MS });
  for (const { connectionString } of [server, far]) {
    const { code, said } = await testServer(connectionString);
    assert.equal(code, 0, said);
    assert.match(
      said,
      /\n3 of the tests left out: needs a server of its own: it makes users and tries wrong passwords\n/,
    );
    assert.match(said, /\n[1-9]\d* passed, 0 failed\n$/);
  }
  const client = EventStoreDBClient.connectionString(server.connectionString);
  const projections = await client.listProjections();
  assert.deepEqual(
    projections.map(({ name }) => name).filter((name) => name.startsWith("sluice.")),
    [],
  );
  await client.dispose();
});

test("test:server – without a server it says what to set", async () => {
  const { code, said } = await testServer("");
  assert.equal(code, 1);
  assert.match(said, /Set SLUICE_TEST_CONNECTION/);
});

async function testServer(connectionString: string): Promise<{ readonly code: number; readonly said: string }> {
  const { NODE_TEST_CONTEXT: _, ...environment } = process.env;
  const child = spawn(
    process.execPath,
    [
      "--conditions=sluice-source",
      join(import.meta.dirname, "run.ts"),
      "--server",
      ...FILES.map((file) => `transport/test/${file}.test.ts`),
    ],
    { env: { ...environment, SLUICE_TEST_CONNECTION: connectionString }, stdio: ["ignore", "pipe", "pipe"] },
  );
  const ended = new Promise<number>((resolve) => child.once("exit", (code) => resolve(code ?? 1)));
  const [said, problems] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await ended, said: said + problems };
}
