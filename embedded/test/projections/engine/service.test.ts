import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { EventStoreDBClient, jsonEvent } from "@eventstore/db-client";
import { Client, credentials, type ServiceError } from "@grpc/grpc-js";
import type { Message } from "../../../src/grpc/wire/message.ts";
import { projectionsService } from "../../../src/grpc/wire/projections.ts";
import { type Embedded, startEmbedded } from "../../../src/index.ts";
import { until } from "../../until.ts";

let server: Embedded;
let client: EventStoreDBClient;
let raw: Client;

before(async () => {
  server = await startEmbedded({ memory: true, port: 0 });
  client = EventStoreDBClient.connectionString(server.connectionString);
  raw = new Client(`127.0.0.1:${server.port}`, credentials.createInsecure());
});

after(async () => {
  await client.dispose();
  raw.close();
  await server.stop();
});

const COUNT = "fromStream('source').when({ $init: () => ({ n: 0 }), $any(s, e) { s.n++; s.last = e.data.n } })";

/** A call that the official client does not offer. */
function call<In, Out>(
  method: { name: string; request: Message<unknown, In>; response: Message<Out, never> },
  request: In,
) {
  return new Promise<Out>((resolve, reject) => {
    raw.makeUnaryRequest(
      `/${projectionsService.name}/${method.name}`,
      method.request.encode,
      method.response.decode,
      request,
      (error: ServiceError | null, answer) =>
        error === null && answer !== undefined ? resolve(answer) : reject(error),
    );
  });
}

async function statusWhen(name: string, wanted: string) {
  for (;;) {
    const status = await client.getProjectionStatus(name);
    if (status.status === wanted) return status;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

test("service – a projection's life through the official client", async () => {
  await client.appendToStream(
    "source",
    [0, 1, 2].map((n) => jsonEvent({ type: "T", data: { n } })),
  );
  await client.createProjection("p", COUNT);
  for (;;) if ((await client.getProjectionStatus("p")).position === "source: 2") break;
  assert.deepEqual(await client.getProjectionState("p"), { n: 3, last: 2 });
  assert.deepEqual(await client.getProjectionResult("p"), { n: 3, last: 2 });
  await client.disableProjection("p");
  const { status, lastCheckpoint, version, epoch, effectiveName } = await client.getProjectionStatus("p");
  assert.deepEqual([status, lastCheckpoint, version, epoch, effectiveName], ["Stopped", "source: 2", 0n, -1n, "p"]);
  await client.resetProjection("p");
  assert.deepEqual(await client.getProjectionState("p"), {});
  await client.deleteProjection("p");
  assert.equal((await client.listProjections()).length, 5);
});

test("service – errors name the answer that did not come", async () => {
  const failing = (expected: string, received: string) => ({
    message: `2 UNKNOWN: Envelope callback expected ${expected}, received ${received} instead`,
  });
  await assert.rejects(client.getProjectionStatus("missing"), failing("Statistics", "NotFound"));
  await assert.rejects(client.getProjectionState("missing"), failing("ProjectionState", "NotFound"));
  await assert.rejects(client.getProjectionResult("missing"), failing("ProjectionResult", "NotFound"));
  await assert.rejects(client.updateProjection("missing", COUNT), failing("Updated", "NotFound"));
  await assert.rejects(client.createProjection("$streams", COUNT), failing("Updated", "Conflict"));
  await assert.rejects(client.deleteProjection("$streams"), failing("Updated", "OperationFailed"));
  await assert.rejects(client.createProjection("tracking", COUNT, { trackEmittedStreams: true }), {
    message: "2 UNKNOWN: Exception was thrown by handler.",
  });
});

test("service – transient and one-time projections end as completed", async () => {
  const { create } = projectionsService.methods;
  await call(create, { options: { mode: { case: "transient", value: { name: "t" } }, query: COUNT } });
  const { position, lastCheckpoint } = await statusWhen("t", "Completed/Stopped/Writing results");
  assert.deepEqual([position, lastCheckpoint], ["Phase: 1 (completed)", "Phase: 1 (completed)"]);
  assert.deepEqual(await client.getProjectionState("t"), { n: 3, last: 2 });
  await call(create, { options: { mode: { case: "oneTime" }, query: COUNT } });
  assert.equal((await client.listProjections()).length, 5, "the list is of the continuous ones");
  await client.deleteProjection("t");
  await assert.rejects(client.getProjectionStatus("t"), /NotFound/);
});

test("service – an engine that is not there, and a mode that is none, are refused", async () => {
  const { create } = projectionsService.methods;
  const mode = { case: "continuous", value: { name: "v2" } } as const;
  await assert.rejects(
    call(create, { options: { mode, query: COUNT, engineVersion: 2 } }),
    /Projection engine 2 is not offered/,
  );
  await assert.rejects(call(create, { options: { query: COUNT } }), /needs a mode/);
});

test("service – the subsystem restarts and goes on", async () => {
  await client.createProjection("again", COUNT);
  await client.restartSubsystem();
  await client.appendToStream("source", [jsonEvent({ type: "T", data: { n: 3 } })]);
  for (;;) if ((await client.getProjectionStatus("again")).position === "source: 3") break;
  assert.deepEqual(await client.getProjectionState("again"), { n: 4, last: 3 });
});

test("service – metadata cut short is a fault of what it causes, other broken metadata is none", async () => {
  const texts = ['{"a":1', "{", '{"a":1, ', '{"a":"b"\n', "not json", '{"a":', '{"a"', '{"a":{"b":1', "[1", '{"a":1}'];
  const queries = {
    emitting: (stream: string) => `fromStream('${stream}').when({ $any(s, e) { emit('${stream}-out', 'Out', {}) } })`,
    counting: (stream: string) => `fromStream('${stream}').when({ $any(s, e) { s.n = (s.n || 0) + 1 } })`,
    looking: (stream: string) => `fromStream('${stream}').when({ $init: () => ({}), First() {}, T() {} })`,
  };
  for (const [kind, query] of Object.entries(queries)) {
    const reasons: string[] = [];
    for (const [i, text] of texts.entries()) {
      const stream = `${kind}-${i}`;
      const cut = jsonEvent({ type: "T", data: {}, metadata: Buffer.from(text) as never });
      await client.appendToStream(stream, [jsonEvent({ type: "First", data: {} }), cut]);
      await client.createProjection(stream, query(stream), { emitEnabled: true });
      reasons.push(await ending(stream, `${stream}: 1`));
    }
    const isHeldUp = kind !== "looking";
    assert.deepEqual(
      reasons,
      texts.map((_, i) => (isHeldUp && i < 4 ? "Invalid JSON" : "")),
      kind,
    );
  }
  assert.equal((await client.getProjectionStatus("$by_event_type")).status, "Running");
});

test("service – fromAll() of named types tells that a stream was deleted, live and from the index", async () => {
  const query = `fromAll().foreachStream().when({
    $init: () => ({ log: [] }),
    Named(s) { s.log.push("named") },
    $deleted(s, e, stream, isSoft) { s.log.push([e, stream, isSoft]) }
  })`;
  const logOf = async (projection: string, partition: string) =>
    (await client.getProjectionState<{ log?: unknown[] }>(projection, { partition })).log ?? [];
  const told = async (projection: string, partition: string, log: readonly unknown[]) => {
    const has = async () => (await logOf(projection, partition)).length >= log.length;
    await until(`${projection} has told all of ${partition}`, has);
    assert.deepEqual(await logOf(projection, partition), log, `${partition} in ${projection}`);
  };
  const named = () => jsonEvent({ type: "Named", data: {} });
  await client.createProjection("deletions-live", query);
  for (const stream of ["soft", "hard", "back"]) {
    await client.appendToStream(stream, named());
    await told("deletions-live", stream, ["named"]);
  }
  await client.deleteStream("soft");
  await client.tombstoneStream("hard");
  await client.deleteStream("back");
  await client.appendToStream("back", named());
  await told("deletions-live", "soft", ["named", [null, "soft", false]]);
  await told("deletions-live", "hard", ["named", [null, "hard", false]]);
  await told("deletions-live", "back", ["named", [null, "back", false], "named"]);
  const indexed = async (stream: string) => {
    let count = 0;
    try {
      for await (const _ of client.readStream(stream)) count++;
    } catch {
      return count;
    }
    return count;
  };
  await until(
    "all is indexed",
    async () => (await indexed("$et-Named")) === 4 && (await indexed("$et-$deleted")) === 3,
  );
  await client.createProjection("deletions-later", query);
  await told("deletions-later", "soft", [[null, "soft", false]]);
  await told("deletions-later", "hard", [[null, "hard", false]]);
  await told("deletions-later", "back", ["named"]);
  const { position } = await client.getProjectionStatus("deletions-later");
  assert.match(position, /^C:\d+\/P:\d+; Named: \d+; \$deleted: \d+; $/);
});

/** Waits until a projection stands at a position or has faulted, and tells why. */
async function ending(name: string, position: string): Promise<string> {
  let reason = "";
  await until(`${name} is at ${position} or has faulted`, async () => {
    const { status, position: now, stateReason } = await client.getProjectionStatus(name);
    reason = stateReason;
    return now === position || (status.startsWith("Faulted") && stateReason !== "");
  });
  return reason;
}
