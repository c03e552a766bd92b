import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { EventStoreDBClient, jsonEvent } from "@eventstore/db-client";
import { startEmbedded } from "@sluice/embedded";
import { command, component, type Endpoint, event, reply, startEndpoint } from "@sluice/transport";
import { until } from "../../test/until.ts";
import { sluice, starting } from "./sluice.ts";

const Weigh = command("desk.Weigh", { to: "desk" })<{ parcel: string }>();
const Weighed = reply("desk.Weighed")<{ parcel: string; grams: number }>();
const ParcelLost = event("yard.ParcelLost")<{ parcel: string }>();

let server: Awaited<ReturnType<typeof startEmbedded>>;
let endpoint: Endpoint;
const lost: string[] = [];
before(async () => {
  server = await startEmbedded({ memory: true, port: 0 });
  const desk = component("desk", (c) => {
    c.handle(Weigh, async ({ parcel }, ctx) => ctx.reply(Weighed, { parcel, grams: parcel.length }));
    c.handle(ParcelLost, async ({ parcel }) => void lost.push(parcel));
  });
  endpoint = await startEndpoint([desk], { connectionString: server.connectionString });
});
after(async () => {
  await endpoint.stop();
  await server.stop();
});

test("send, ask, tail – an event is published with every digit as it is followed, and a command is answered", async (t) => {
  const { connectionString } = server;
  const tail = starting(t, connectionString, ["tail", "--type", "yard.ParcelLost", "--from", "start", "--count", "2"]);
  const body = '{"parcel":"A","worth":12345678901234567890.50}';
  const sent = await sluice(t, connectionString, ["send", "yard.ParcelLost", "--publish", "--data", body, "--json"]);
  assert.equal(sent.code, 0, sent.stderr);
  assert.match(JSON.parse(sent.stdout).id, /^[0-9a-f-]{36}$/);
  await until(async () => tail.said().includes(`yard.ParcelLost 0@out-sluice.cli.direct ${body}`) || undefined);
  await endpoint.publish(ParcelLost, { parcel: "B" });
  assert.equal((await tail.ended).code, 0);
  await until(async () => lost.length === 2 || undefined);

  const asked = await sluice(
    t,
    connectionString,
    ["ask", "desk.Weigh", "--to", "desk", "--reply", "desk.Weighed", "--body", "-", "--json"],
    { input: '{"parcel":"ABC"}' },
  );
  assert.equal(asked.code, 0, asked.stderr);
  assert.deepEqual(JSON.parse(asked.stdout), { parcel: "ABC", grams: 3 });
});

test("send, tail, parked, deployments, subscriptions – a name that nobody has deployed may be mistyped, and is told", async (t) => {
  const { connectionString } = server;
  for (const args of [
    ["parked", "list", "desc"],
    ["deployments", "desc"],
    ["subscriptions", "desc"],
  ]) {
    const { code, stderr } = await sluice(t, connectionString, args);
    assert.deepEqual([code, stderr], [2, 'The server has no component "desc". There are: desk.\n'], args.join(" "));
  }
  for (const args of [
    ["parked", "list", "desk"],
    ["deployments", "desk"],
    ["subscriptions", "desk"],
  ])
    assert.equal((await sluice(t, connectionString, args)).code, 0, args.join(" "));
  const send = (to: string) =>
    sluice(t, connectionString, ["send", "desk.Weigh", "--to", to, "--data", '{"parcel":"A"}']);
  assert.match((await send("dest")).stdout, /^Sent, as \S+ Nobody has deployed a component "dest" there: it waits/);
  assert.match((await send("desk")).stdout, /^Sent, as \S+\n$/);
  const tail = starting(t, connectionString, ["tail", "dest", "--from", "start", "--count", "1"]);
  await until(async () => tail.said().includes("desk.Weigh") || undefined);
  assert.match((await tail.ended).stdout, /^Nobody has deployed a component "dest" there\./);
});

test("tail – Ctrl-C ends it well", async (t) => {
  const tail = starting(t, server.connectionString, ["tail", "desk", "--from", "start", "--json"]);
  await endpoint.publish(ParcelLost, { parcel: "C" });
  await until(async () => tail.said().includes('"body":{"parcel":"C"}') || undefined);
  tail.child.kill("SIGINT");
  const { code, stdout, stderr } = await tail.ended;
  assert.deepEqual([code, stderr], [0, ""]);
  const [first] = stdout.split("\n");
  assert.equal(JSON.parse(first ?? "").type, "yard.ParcelLost");
});

test("tail – where the server restarts it goes on behind what came last: nothing is left out, nothing comes twice", async (t) => {
  const data = mkdtempSync(join(tmpdir(), "sluice-tail-"));
  t.after(() => rmSync(data, { recursive: true, force: true }));
  let running = await startEmbedded({ data, port: 0 });
  t.after(() => running.stop());
  const { connectionString, port } = running;
  const append = async (n: number): Promise<void> => {
    const client = EventStoreDBClient.connectionString(connectionString);
    await client.appendToStream("note-1", jsonEvent({ type: "notes.Noted", data: { n } }));
    await client.dispose();
  };
  await append(0);
  const sources = [
    ["--stream", "note-1"],
    ["--type", "notes.Noted"],
  ];
  const tails = sources.map((source) =>
    starting(t, connectionString, ["tail", ...source, "--json", "--from", "start"]),
  );
  const everybodyHas = async (n: number): Promise<void> =>
    void (await until(async () => tails.every(({ said }) => said().includes(`"body":{"n":${n}}`)) || undefined));
  await everybodyHas(0);
  await running.stop();
  running = await startEmbedded({ data, port });
  // Before they have found it, or after: they cannot miss it.
  await append(1);
  await everybodyHas(1);
  await append(2);
  await everybodyHas(2);
  for (const { child, ended } of tails) {
    child.kill("SIGINT");
    const { code, stdout } = await ended;
    assert.equal(code, 0);
    const bodies = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).body.n);
    assert.deepEqual(bodies, [0, 1, 2]);
  }
});
