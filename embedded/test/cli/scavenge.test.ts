import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { binaryEvent, type EventStoreDBClient } from "@eventstore/db-client";
import { atEnd } from "../clients/official-client.ts";
import { all, clientOf } from "../grpc/running-server.ts";
import { secureServer } from "../security/secure-server.ts";
import { type Embedded, startEmbedded } from "../../src/index.ts";
import { ServerProcess } from "../../../test/server-process.ts";
import { directoryFor } from "./directory-for.ts";
import { running } from "./running-command.ts";

/** Every stream gives two events back. */
const HIDDEN = 2;

/** A server on a disk, since a scavenge in memory is over before anybody looks. */
async function durableServer(t: TestContext): Promise<{ server: Embedded; client: EventStoreDBClient }> {
  const server = await startEmbedded({ data: directoryFor(t), port: 0 });
  atEnd(t, () => server.stop());
  return { server, client: clientOf(t, server.connectionString) };
}

async function fill(client: EventStoreDBClient, name: string, streams: number): Promise<void> {
  const bodies = () => Array.from({ length: HIDDEN + 1 }, () => binaryEvent({ type: "T", data: Buffer.alloc(100) }));
  await Promise.all(
    Array.from({ length: streams }, async (_, i) => {
      await client.appendToStream(`${name}-${i}`, bodies());
      await client.setStreamMetadata(`${name}-${i}`, { maxCount: 1 });
    }),
  );
}

interface Line {
  readonly event: string;
  readonly id?: string;
  readonly result?: string;
  readonly eventsRemoved?: number;
  readonly spaceSaved?: number;
}

const objects = (lines: readonly string[]): Line[] => lines.map((line) => JSON.parse(line) as Line);

test("scavenge – shows how far it is and what it gave back, for a program and for a person", async (t) => {
  const { server, client } = await durableServer(t);
  await fill(client, "s", 300);
  const told = await running(t, "scavenge", "--connection", server.connectionString, "--json").end();
  assert.deepEqual([told.code, told.errors], [0, ""]);
  const lines = objects(told.lines);
  assert.deepEqual([...new Set(lines.map(({ event }) => event))], ["started", "progress", "ended"]);
  const { id, result, eventsRemoved, spaceSaved = 0 } = lines.at(-1)!;
  assert.deepEqual([result, eventsRemoved], ["Success", 300 * HIDDEN]);
  assert.ok(spaceSaved > 300 * HIDDEN * 100, `${spaceSaved}`);
  assert.deepEqual((await all(client.readStream(`$scavenges-${id}`))).length, 2);
  for (let i = 0; i < 300; i += 50) assert.equal((await all(client.readStream(`s-${i}`)))[0]?.event?.revision, 2n);
  const again = await running(t, "scavenge", "--connection", server.connectionString).end();
  assert.equal(again.code, 0);
  assert.match(again.lines.join("\n"), /^scavenge \S+ has begun\ndone; 0 events, 0 bytes given back$/);
  assert.match(again.errors, /^\d+ events, .* given back so far$/m);
});

test("scavenge – Ctrl-C stops it, what was given back stays so, and the next one does the rest", async (t) => {
  const { server, client } = await durableServer(t);
  let hidden = 0;
  let removed = 0;
  // A machine that lies still at the wrong moment may let it come to its end.
  for (let isStopped = false, round = 0; !isStopped; round++) {
    await fill(client, `round-${round}`, 1000);
    hidden += 1000 * HIDDEN;
    const command = running(t, "scavenge", "--connection", server.connectionString, "--json");
    assert.equal((JSON.parse(await command.line()) as Line).event, "started");
    command.child.kill("SIGINT");
    const { code, errors, lines } = await command.end();
    const { event, result, eventsRemoved = 0 } = objects(lines).at(-1)!;
    isStopped = result === "Stopped";
    assert.deepEqual([event, code, errors], ["ended", isStopped ? 130 : 0, ""]);
    removed += eventsRemoved;
    assert.equal(removed < hidden, isStopped, `${removed} of ${hidden}`);
  }
  const rest = objects((await running(t, "scavenge", "--connection", server.connectionString, "--json").end()).lines);
  assert.equal(rest.at(-1)?.result, "Success");
  assert.equal(removed + rest.at(-1)!.eventsRemoved!, hidden);
});

test("scavenge – of a server that dies meanwhile is said in a sentence", async (t) => {
  const server = await ServerProcess.start(["--data", directoryFor(t)]);
  atEnd(t, () => server.kill());
  await fill(clientOf(t, server.connectionString), "s", 1000);
  const command = running(t, "scavenge", "--connection", server.connectionString, "--json");
  await command.line();
  await server.kill();
  const { code, errors } = await command.end();
  assert.equal(code, 1);
  const { event, message } = JSON.parse(errors) as { event: string; message: string };
  assert.equal(event, "failed");
  assert.match(message, /^No server answers on 127\.0\.0\.1:\d+: .*--connection\.$/);
});

test("scavenge – is for operators; who is none, or finds nobody, is told so in a sentence", async (t) => {
  const server = await secureServer();
  atEnd(t, () => server.stop());
  const as = (login: string) => server.connectionString.replace("esdb://", `esdb://${login}`);
  const ended = await Promise.all(
    [as("ops:changeit@"), as(""), as("ops:guess@"), "esdb://127.0.0.1:1?tls=false", "http://127.0.0.1", undefined].map(
      (to) => running(t, "scavenge", ...(to === undefined ? [] : ["--connection", to])).end(),
    ),
  );
  assert.deepEqual(
    ended.map(({ code }) => code),
    [0, 1, 1, 1, 2, 2],
  );
  const said = [
    /^\d+ events/,
    /does not let this login/,
    /does not take this user and password/,
    /No server answers/,
    /esdb:\/\//,
    /--connection is missing/,
  ];
  for (const [i, { errors }] of ended.entries()) assert.match(errors, said[i]!);
  for (const { errors } of ended.slice(1)) assert.match(errors, /^[^\n]+\n$/);
});
