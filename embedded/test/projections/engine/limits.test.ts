import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { EventStoreDBClient, jsonEvent } from "@eventstore/db-client";
import { type Embedded, startEmbedded } from "../../../src/index.ts";
import { until } from "../../until.ts";

let server: Embedded;
let client: EventStoreDBClient;

before(async () => {
  server = await startEmbedded({ memory: true, port: 0, maxProjectionStateSize: 1000 });
  client = EventStoreDBClient.connectionString(server.connectionString);
});

after(async () => {
  await client.dispose();
  await server.stop();
});

const fold = (stream: string, body: string) => `fromStream('${stream}').when({ $any(s, e) { ${body} } })`;
const append = (stream: string, data = {}) => client.appendToStream(stream, jsonEvent({ type: "happened", data }));

/** Why a projection has faulted, once it has. */
async function faultOf(name: string): Promise<string> {
  let reason = "";
  await until(`${name} has faulted`, async () => {
    const status = await client.getProjectionStatus(name);
    reason = status.stateReason;
    return status.status.startsWith("Faulted");
  });
  return reason;
}

async function stateWhen(name: string, wanted: (state: Record<string, number>) => boolean) {
  await until(`${name} has got there`, async () =>
    wanted(((await client.getProjectionState(name)) ?? {}) as Record<string, number>),
  );
}

test("limits – fault a projection whose handler takes too long, while others go on", async () => {
  await client.createProjection("counter", fold("timed", "s.n = (s.n || 0) + 1"));
  await client.createProjection("slow", fold("timed", "for (;;) 'x'.repeat(2e7)"));
  await append("timed");
  assert.match(await faultOf("slow"), /Projection script took too long to execute/);
  await append("timed");
  await stateWhen("counter", ({ n }) => n === 2);
});

test("limits – fault a projection that hoards memory, while others go on", async () => {
  await client.createProjection("tally", fold("hoarded", "s.n = (s.n || 0) + 1"));
  // Each event takes a part that is soon made, so that only all of them are too much.
  await client.createProjection("hoarder", `const all = []; ${fold("hoarded", "all.push(new ArrayBuffer(2e7))")}`);
  for (let i = 0; i < 20; i++) await append("hoarded");
  assert.match(await faultOf("hoarder"), /The script ran out of the memory that a projection may use\.$/);
  await append("hoarded");
  await stateWhen("tally", ({ n }) => n === 21);
});

test("limits – fault a projection whose state grows too large, before it is kept, until its query keeps less", async () => {
  const grow = (more: string) => fold("grown", `s.n = (s.n || 0) + 1; s.text = ${more}`);
  await client.createProjection("sum", fold("grown", "s.n = (s.n || 0) + 1"));
  await client.createProjection("growing", grow("'é'.repeat(200 * s.n)"));
  await append("grown", {});
  await append("grown", {});
  await stateWhen("growing", ({ n }) => n === 2);
  await append("grown", {});
  assert.equal(
    await faultOf("growing"),
    "The state of projection 'growing' would take 1217 bytes, more than the 1000 that one may " +
      "(--max-projection-state-size). Update its query so that it keeps less, or spreads it over partitions, and enable it.",
  );
  // What was handled before is kept, and nothing of what was too much.
  assert.equal(((await client.getProjectionState("growing")) as { n: number }).n, 2);
  await stateWhen("sum", ({ n }) => n === 3);

  await client.updateProjection("growing", grow("''"));
  await client.enableProjection("growing");
  await stateWhen("growing", ({ n, text }) => n === 3 && String(text) === "");
  await client.updateProjection("growing", grow("'é'.repeat(200 * s.n)"));
  await client.resetProjection("growing");
  assert.match(await faultOf("growing"), /would take 1217 bytes/);
});

test("limits – hold each partition, a shared state and a result to the same size", async () => {
  const [big, from] = ["'x'.repeat(2000)", "fromCategory('apart').foreachStream()"];
  await client.createProjection("parts", `${from}.when({ large(s) { s.text = ${big} }, small(s) { s.n = 1 } })`);
  await client.createProjection("results", `${from}.when({ large() {} }).transformBy(() => ${big})`);
  await client.createProjection(
    "pairs",
    `fromStream('apart-1').when({ $init: () => ({}), $initShared: () => ({}), large(s) { s[1].text = ${big} } })`,
  );
  for (const type of ["small", "large"]) await client.appendToStream("apart-1", jsonEvent({ type, data: {} }));
  assert.match(
    await faultOf("parts"),
    /^The state of partition 'apart-1' of projection 'parts' would take 20\d\d bytes/,
  );
  assert.match(await faultOf("results"), /^The result of partition 'apart-1' of projection 'results' would take/);
  assert.match(await faultOf("pairs"), /^The shared state of projection 'pairs' would take/);
});
