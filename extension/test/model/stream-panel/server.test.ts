import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { ServerProcess } from "../../../../test/server-process.ts";
import type { EventStore, NewEvent } from "../../../src/event-store/event-store.ts";
import { openEventStore } from "../../../src/event-store/open-event-store.ts";
import { detailsOf } from "../../../src/stream-panel/host/event-details.ts";
import { fixtureOf } from "../../../src/events/fixture.ts";
import type { PanelSource } from "../../../src/stream-panel/schemas.ts";
import { openedStore, remove } from "../event-store/opened-store.ts";
import { PanelPair } from "./panel-pair.ts";

let server: ServerProcess;
let store: EventStore;
before(async () => {
  server = await ServerProcess.start(["--memory", "--insecure"]);
  store = await openEventStore(server.connectionString);
});
after(async () => {
  store?.close();
  await server?.stop();
});

const encoder = new TextEncoder();

function made(data: string | Uint8Array, type = "Happened", isJson = typeof data === "string"): NewEvent {
  const bytes = typeof data === "string" ? encoder.encode(data) : data;
  return { id: randomUUID(), type, isJson, data: bytes, metadata: new Uint8Array() };
}

const write = (stream: string, ...events: readonly NewEvent[]) => store.append(stream, "any", events);
const metadata = (stream: string, json: string) => write(`$$${stream}`, made(json, "$metadata"));

async function shown(source: PanelSource, filter = "", spot: "start" | "end" = "start"): Promise<PanelPair> {
  const pair = new PanelPair(() => Promise.resolve(store));
  pair.browsing.show(source, filter, spot);
  await pair.settled();
  return pair;
}

async function detailsAt(source: PanelSource, pair: PanelPair, index: number) {
  const place = pair.browsing.window.rows[index]!.place;
  return detailsOf(source, (await pair.session.entryAt(source, place, new AbortController().signal))!);
}

for (const name of ["$odd", "a/b//c", "größe 📦 ストリーム", "q?x=1&y#z%20", "-", "n".repeat(1_000)]) {
  test(`panel on a server – a stream named ${name.slice(0, 20)} is read like any other`, async () => {
    await write(name, made("{}"), made("{}"));
    using pair = await shown({ stream: name });
    assert.deepEqual(pair.keys, ["0", "1"]);
    assert.equal(pair.browsing.window.rows[0]?.stream, name);
  });
}

test("panel on a server – bodies that are empty, binary, broken or large are shown for what they are", async () => {
  const stream = "bodies";
  const large = JSON.stringify({ text: "x".repeat(900_000), last: 1 });
  await write(
    stream,
    made(new Uint8Array(), "Empty", false),
    made(Uint8Array.from([0, 255, 254, 65]), "Binary", false),
    made("{broken", "Broken"),
    made("plain words", "Text", false),
  );
  await write(stream, made(large, "Large"));
  using pair = await shown({ stream });
  const rows = pair.browsing.window.rows;
  assert.deepEqual(
    rows.map(({ content }) => content),
    ["empty", "binary", "json", "text", "json"],
  );
  assert.ok(rows.every(({ preview }) => preview.length <= 200));
  const binary = await detailsAt({ stream }, pair, 1);
  assert.equal(binary.event.data.text, "00000000  00 ff fe 41                                      ...A");
  const cut = await detailsAt({ stream }, pair, 4);
  assert.ok(cut.event.data.isCut && cut.event.data.text.length <= 2 ** 16 && cut.event.data.size === large.length);
  const broken = await detailsAt({ stream }, pair, 2);
  assert.equal(broken.event.data.text, "{broken");
});

test("panel on a server – numbers keep their digits on the whole way", async () => {
  const stream = "numbers";
  await write(stream, made('{"id":9007199254740993,"small":1.10}'));
  using pair = await shown({ stream }, "$.id=9007199254740993");
  assert.equal(pair.keys.length, 1);
  const { event } = await detailsAt({ stream }, pair, 0);
  assert.equal(event.data.text, '{"id":9007199254740993,"small":1.10}');
  const entry = await pair.session.entryAt({ stream }, { revision: "0" }, new AbortController().signal);
  assert.match(await fixtureOf(entry!.recorded), /id: 9007199254740993n,\n {4}small: 1\.10/);
});

test("panel on a server – links show what they lead to, or that it is gone; a link to a link leads to that", async () => {
  await write("originals", made('{"n":0}', "First"), made('{"n":1}', "Second"));
  const link = (text: string) => made(encoder.encode(text), "$>", false);
  await write("links", link("1@originals"), link("7@originals"), link("0@nowhere"), link("no link"));
  await write("links-of-links", link("0@links"));
  using pair = await shown({ stream: "links" });
  const rows = pair.browsing.window.rows;
  assert.deepEqual(
    rows.map(({ link }) => link?.state),
    ["followed", "broken", "broken", "broken"],
  );
  assert.equal(rows[0]?.type, "Second");
  assert.deepEqual(rows[1]?.link?.target, { stream: "originals", revision: "7" });
  assert.equal(rows[3]?.link?.target, undefined);
  using second = await shown({ stream: "links-of-links" });
  assert.deepEqual(second.browsing.window.rows[0]?.link?.target, { stream: "links", revision: "0" });
  using broken = await shown({ stream: "links" }, "is:broken");
  assert.equal(broken.keys.length, 3);
});

test("panel on a server – a truncated stream begins where it was cut, whichever end is read from", async () => {
  await write("truncated", ...Array.from({ length: 20 }, () => made("{}")));
  await metadata("truncated", '{"$tb":15}');
  for (const spot of ["start", "end"] as const) {
    using pair = await shown({ stream: "truncated" }, "", spot);
    assert.deepEqual(pair.keys, ["15", "16", "17", "18", "19"]);
    pair.browsing.want("before");
    await pair.settled();
    assert.ok(pair.browsing.window.start.isReached);
  }
});

test("panel on a server – a stream that was deleted, for ever or not, or never was says so", async () => {
  for (const stream of ["soft", "hard"]) await write(stream, made("{}"), made("{}"));
  await remove(server, "soft", "delete");
  await remove(server, "hard", "tombstone");
  for (const [stream, kind] of [
    ["soft", "not-found"],
    ["never", "not-found"],
    ["hard", "deleted"],
  ] as const) {
    using pair = await shown({ stream });
    assert.equal(pair.browsing.failure?.kind, kind, stream);
  }
  await write("soft", made("{}"));
  using again = await shown({ stream: "soft" });
  assert.deepEqual(again.keys, ["2"], "one that was deleted goes on with the next revision");
});

test("panel on a server – a stream that is deleted while it is followed ends there, and keeps what was shown", async () => {
  await write("mortal", made("{}"));
  using pair = await shown({ stream: "mortal" });
  pair.onTold = () => pair.browsing.taken();
  pair.browsing.follow();
  await pair.until(() => pair.browsing.figures.isCaughtUp);
  await remove(server, "mortal", "tombstone");
  await pair.until(() => pair.browsing.failure !== undefined);
  assert.deepEqual([pair.browsing.failure?.kind, pair.browsing.live], ["deleted", "off"]);
  assert.deepEqual(
    pair.browsing.window.rows.map(({ type }) => type),
    ["Happened", "$streamDeleted"],
  );
});

test("panel on a server – without the right to read a stream it says so; a link into it shows the link alone", async (t) => {
  const { server, store: admin } = await openedStore(t, { tls: true }, { login: "admin", password: "changeit" });
  await admin.append("$$private", "any", [made('{"$acl":{"$r":"$admins"}}', "$metadata")]);
  await admin.append("private", "any", [made("{}")]);
  await admin.append("public", "any", [made(encoder.encode("0@private"), "$>", false)]);
  const ops = await openEventStore(server.connectionString, { login: "ops", password: "changeit" });
  t.after(() => ops.close());
  using pair = new PanelPair(() => Promise.resolve(ops));
  pair.browsing.show({ stream: "private" }, "", "end");
  await pair.settled();
  assert.equal(pair.browsing.failure?.kind, "no-rights");
  assert.match(pair.browsing.failure.message, /does not let ops do that with private/);
  pair.browsing.show({ stream: "public" }, "", "end");
  await pair.settled();
  assert.deepEqual(
    pair.browsing.window.rows.map(({ link }) => link?.state),
    ["broken"],
  );
});

test("panel on a server – paged through, the log holds what it holds, once", async () => {
  await write(
    "many",
    ...Array.from({ length: 450 }, (_, n) => made(JSON.stringify({ n }), n % 9 === 0 ? "Ninth" : "Other")),
  );
  const seen: string[] = [];
  for (const [spot, side] of [
    ["start", "after"],
    ["end", "before"],
  ] as const) {
    using pair = await shown({ all: true }, "type:Ninth", spot);
    while (!pair.browsing.window[side === "after" ? "end" : "start"].isReached) {
      pair.browsing.want(side);
      await pair.settled();
    }
    const rows = pair.browsing.window.rows.filter(({ stream }) => stream === "many");
    seen.push(rows.map(({ revision }) => revision).join());
  }
  const ninths = Array.from({ length: 50 }, (_, index) => index * 9).join();
  assert.deepEqual(seen, [ninths, ninths]);
});

test("panel on a server – a time is found by halving, in a stream and in the log", async () => {
  const stream = "times";
  for (let index = 0; index < 8; index++) {
    await write(stream, made("{}"));
    // Events of the same hundred nanoseconds could not be told apart.
    for (const now = Date.now(); Date.now() <= now + 1;) await new Promise((resolve) => setImmediate(resolve));
  }
  using pair = await shown({ stream });
  const { signal } = new AbortController();
  for (const row of pair.browsing.window.rows) {
    assert.deepEqual(await pair.session.seekTime({ stream }, row.created, signal), row.place);
    const inLog = await pair.session.seekTime({ all: true }, row.created, signal);
    const entry = await pair.session.entryAt({ all: true }, inLog!, signal);
    assert.equal(entry?.recorded.id, row.id);
  }
  assert.equal(await pair.session.seekTime({ stream }, Date.now() + 1e6, signal), undefined);
});

test("panel on a server – killed and started again, it is followed on: nothing twice, nothing lost", async () => {
  const data = mkdtempSync(join(tmpdir(), "sluice-panel-"));
  let process = await ServerProcess.start(["--data", data, "--insecure"]);
  const { port } = process;
  const store = await openEventStore(process.connectionString);
  const append = (count: number) =>
    store.append(
      "s",
      "any",
      Array.from({ length: count }, () => made("{}")),
    );
  try {
    using pair = new PanelPair(() => Promise.resolve(store));
    pair.onTold = () => pair.browsing.taken();
    await append(5);
    pair.browsing.show({ stream: "s" }, "", "end");
    await pair.settled();
    pair.browsing.follow();
    await append(3);
    await pair.until(() => pair.keys.length === 8);
    await process.kill();
    await pair.untilLost();
    process = await ServerProcess.start(["--data", data, "--insecure"], port);
    await append(4);
    await pair.until(() => pair.keys.length === 12);
    assert.deepEqual(
      pair.keys,
      Array.from({ length: 12 }, (_, index) => String(index)),
    );
  } finally {
    store.close();
    await process.stop();
    rmSync(data, { recursive: true });
  }
});
