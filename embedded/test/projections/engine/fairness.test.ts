import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { EventStoreDBClient, jsonEvent, StreamNotFoundError } from "@eventstore/db-client";
import { type Embedded, startEmbedded } from "../../../src/index.ts";
import { until } from "../../until.ts";

let server: Embedded;
let client: EventStoreDBClient;
/** Texts that scripts have logged, in order. */
const logged: string[] = [];

before(async () => {
  server = await startEmbedded({
    memory: true,
    port: 0,
    onNote(note) {
      if (note.event === "script-log") logged.push(note.text);
    },
  });
  client = EventStoreDBClient.connectionString(server.connectionString);
});

after(async () => {
  await client.dispose();
  await server.stop();
});

const events = (count: number) => Array.from({ length: count }, () => jsonEvent({ type: "a", data: {} }));

/** Handles each event of a stream for so many milliseconds, counts it, and logs the stream's name. */
const slowly = (stream: string, milliseconds: number) =>
  `fromStream("${stream}").when({
    $init: () => ({ n: 0 }),
    $any(s) { const end = Date.now() + ${milliseconds}; while (Date.now() < end); s.n++; log("${stream}") }
  })`;

const handled = (stream: string) => logged.filter((text) => text === stream).length;

/** How many events of a slow stream have been handled while that was done. */
async function handledDuring(stream: string, act: () => Promise<unknown>): Promise<number> {
  const before = handled(stream);
  await act();
  return handled(stream) - before;
}

/** Far fewer than wait, more than the one or two for which an append waits. */
const FEW = 8;

for (const [milliseconds, count] of [
  [20, 40],
  [5, 100],
] as const) {
  test(`fairness – an append is answered between two events of ${milliseconds} ms, with ${count} of them waiting`, async () => {
    const stream = `slow-${milliseconds}`;
    await client.createProjection(stream, slowly(stream, milliseconds));
    const waited = [await handledDuring(stream, () => client.appendToStream(stream, events(count)))];
    while (waited.length < 4) {
      waited.push(await handledDuring(stream, () => client.appendToStream("other", events(1))));
    }
    assert.ok(
      waited.every((during) => during < FEW),
      `events handled during each append: ${waited.join(", ")}`,
    );
    await until("all are handled", () => handled(stream) === count);
  });
}

test("fairness – quick projections go on between the events of several slow ones", async () => {
  const slow = ["slow-a", "slow-b", "slow-c"];
  for (const stream of slow) await client.createProjection(stream, slowly(stream, 20));
  await client.createProjection("quick", 'fromStream("quick").when({ $any() { log("quick") } })');
  for (const stream of slow) await client.appendToStream(stream, events(20));
  const all = () => slow.reduce((sum, stream) => sum + handled(stream), 0);
  const before = all();
  assert.ok(before < 40, `they have handled ${before} events before another append was begun`);
  await client.appendToStream("quick", events(1));
  await until("the quick one has its event", () => handled("quick") === 1);
  assert.ok(all() - before < 2 * FEW, `${all() - before} events of slow ones came first`);
  await until("all are handled", () => all() === 60);
});

test("fairness – slow projections go on in turn", async () => {
  const slow = ["turn-a", "turn-b"];
  for (const stream of slow) await client.createProjection(stream, slowly(stream, 10));
  await Promise.all(slow.map((stream) => client.appendToStream(stream, events(20))));
  await until("all are handled", () => slow.every((stream) => handled(stream) === 20));
  const turns = logged.filter((text) => slow.includes(text)).join(" ");
  assert.doesNotMatch(turns.slice("turn-a ".length * 4, -"turn-a ".length * 4), /(turn-.)( \1){5}/);
});

test("fairness – what a slow handler emits can be read before all that waits is handled", async () => {
  const emitting = slowly("emitting", 20).replace("s.n++", 'emit("emitted", "a", {})');
  await client.createProjection("emitting", emitting, { emitEnabled: true });
  await client.appendToStream("emitting", events(60));
  await until("something is there", async () => {
    const read = [];
    try {
      for await (const event of client.readStream("emitted", { maxCount: 1 })) read.push(event);
    } catch (error) {
      if (!(error instanceof StreamNotFoundError)) throw error;
    }
    return read.length > 0;
  });
  assert.ok(handled("emitting") < 50, `${handled("emitting")} events were handled first`);
});

test("fairness – a slow projection stops between two events, and goes on there", async () => {
  await client.createProjection("stopped", slowly("stopped", 20));
  await client.appendToStream("stopped", events(40));
  await client.disableProjection("stopped");
  const before = handled("stopped");
  assert.ok(before < 20, `it has handled ${before} events first`);
  await client.enableProjection("stopped");
  await until("all are handled", () => handled("stopped") >= 40);
  assert.deepEqual([handled("stopped"), await client.getProjectionState("stopped")], [40, { n: 40 }]);
});
