import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { EventStoreDBClient, jsonEvent } from "@eventstore/db-client";
import { type Embedded, startEmbedded } from "../../../src/index.ts";
import { until } from "../../until.ts";

let server: Embedded;
let client: EventStoreDBClient;

before(async () => {
  server = await startEmbedded({ memory: true, port: 0 });
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
