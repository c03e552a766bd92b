import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test, type TestContext } from "node:test";
import type { ClientDuplexStream } from "@grpc/grpc-js";
import type { Decoded, Encodable } from "../../src/grpc/wire/message.ts";
import { badRequest } from "../../src/grpc/wire/shared.ts";
import { type batchAppendReq, type batchAppendResp, streamsService } from "../../src/grpc/wire/streams.ts";
import { startGrpcServer } from "../../src/grpc/server.ts";
import { OPEN_ACCESS } from "../../src/grpc/access.ts";
import { streamsHandlers } from "../../src/grpc/streams-service.ts";
import { addService } from "../../src/grpc/wire/service.ts";
import { EventStore } from "../../src/streams/event-store.ts";
import { all, bareClient, runningServer } from "./running-server.ts";
import { until } from "../until.ts";

type Request = Encodable<typeof batchAppendReq>;
type Answer = Decoded<typeof batchAppendResp>;

/** A batch call under our own hands, and all that it answers. */
async function batch(t: TestContext) {
  const { server, client } = await runningServer(t);
  return { server, client, ...callOf(t, server) };
}

function callOf(t: TestContext, server: { host: string; port: number }) {
  const bare = bareClient(t, server, streamsService as never);
  const method = (bare as unknown as Record<string, () => ClientDuplexStream<Request, Answer>>)["batchAppend"];
  const call = method!.call(bare);
  const answers: Answer[] = [];
  let end: { code: number; details: string } | undefined;
  call.on("data", (answer: Answer) => answers.push(answer));
  call.on("error", () => {});
  call.on("status", (status: { code: number; details: string }) => {
    end = status;
  });
  t.after(() => call.cancel());
  return { call, answers, ended: () => end };
}

const event = (change: object = {}) => ({
  id: randomUUID(),
  metadata: [
    ["type", "T"],
    ["content-type", "application/json"],
  ] as [string, string][],
  data: Buffer.from("{}"),
  ...change,
});

const options = (change: object = {}) =>
  ({ streamIdentifier: "s", expectedStreamPosition: { case: "any" }, ...change }) as const;

test("batch append – each correlation is answered once, with what was asked", async (t) => {
  const { call, answers } = await batch(t);
  const ids = Array.from({ length: 50 }, () => randomUUID());
  for (const correlationId of ids) call.write({ correlationId, options: options(), proposedMessages: [event()] });
  assert.equal(answers.length, 0);
  for (const correlationId of [...ids].reverse()) call.write({ correlationId, isFinal: true });
  await until("all answers", () => answers.length === 50);
  assert.deepEqual(
    answers.map(({ correlationId }) => correlationId),
    [...ids].reverse(),
  );
  for (const answer of answers) {
    assert.equal(answer.result?.case, "success");
    assert.equal(answer.streamIdentifier, "s");
    assert.deepEqual(answer.expectedStreamPosition, { case: "any" });
  }
});

test("batch append – chunks of an append that was refused, or never began, change nothing", async (t) => {
  const { client, call, answers } = await batch(t);
  const refused = randomUUID();
  call.write({ correlationId: refused, options: options(), proposedMessages: [event({ id: "none" })] });
  call.write({ correlationId: refused, proposedMessages: [event()], isFinal: true });
  call.write({ correlationId: randomUUID(), proposedMessages: [event()], isFinal: true });
  const good = randomUUID();
  call.write({ correlationId: good, options: options(), proposedMessages: [event()], isFinal: true });
  await until("the good one's answer", () => answers.some(({ correlationId }) => correlationId === good));
  assert.deepEqual(
    answers.map(({ correlationId, result }) => [correlationId, result?.case]),
    [
      [refused, "error"],
      [good, "success"],
    ],
  );
  assert.equal((await all(client.readStream("s"))).length, 1);
});

test("batch append – too much data is refused once, as soon as it is too much", async (t) => {
  const { call, answers } = await batch(t);
  const correlationId = randomUUID();
  const half = event({ data: Buffer.alloc(600_000) });
  call.write({ correlationId, options: options(), proposedMessages: [half] });
  for (let i = 0; i < 3; i++) call.write({ correlationId, proposedMessages: [{ ...half, id: randomUUID() }] });
  call.write({ correlationId, isFinal: true });
  await until("the answer", () => answers.length > 0);
  await afterAnother(call, answers);
  assert.equal(answers.filter((answer) => answer.correlationId === correlationId).length, 1);
  const error = answers[0]!.result;
  assert.equal(error?.case, "error");
  assert.equal(error.value.details?.typeUrl, "type.googleapis.com/event_store.client.MaximumAppendSizeExceeded");
});

test("batch append – an append whose deadline has passed, or that never ends, is told so once", async (t) => {
  const { call, answers } = await batch(t);
  const late = randomUUID();
  const endless = randomUUID();
  const past = { case: "deadline_21_10_0", value: { seconds: 1000, nanos: 0 } } as const;
  const soon = { case: "deadline", value: { seconds: 0, nanos: 150_000_000 } } as const;
  call.write({
    correlationId: late,
    options: options({ deadlineOption: past }),
    proposedMessages: [event()],
    isFinal: true,
  });
  call.write({ correlationId: endless, options: options({ deadlineOption: soon }), proposedMessages: [event()] });
  await until("both answers", () => answers.length === 2);
  call.write({ correlationId: endless, proposedMessages: [event()], isFinal: true });
  await afterAnother(call, answers);
  assert.deepEqual(
    answers
      .slice(0, 2)
      .map(({ correlationId, result }) => [
        correlationId,
        result?.case === "error" ? result.value.details?.typeUrl : result?.case,
      ]),
    [late, endless].map((id) => [id, "type.googleapis.com/event_store.client.Timeout"]),
  );
  assert.equal(answers.filter(({ correlationId }) => correlationId === endless).length, 1);
});

test("batch append – what comes behind the final chunk changes nothing", async (t) => {
  const { client, call, answers } = await batch(t);
  const correlationId = randomUUID();
  call.write({ correlationId, options: options(), proposedMessages: [event()], isFinal: true });
  call.write({ correlationId, proposedMessages: [event()], isFinal: true });
  await afterAnother(call, answers);
  assert.equal(answers.filter((answer) => answer.correlationId === correlationId).length, 1);
  assert.equal((await all(client.readStream("s"))).length, 2);
});

test("batch append – an append that is written after its deadline is not answered again", async (t) => {
  const store = EventStore.open({ location: "memory", now: Date.now, newId: randomUUID });
  const append = store.append.bind(store);
  const { promise: answered, resolve: isAnswered } = Promise.withResolvers<void>();
  let written = 0;
  store.append = async (...args) => {
    await answered;
    const result = await append(...args);
    written++;
    return result;
  };
  const server = await startGrpcServer({
    host: "127.0.0.1",
    port: 0,
    register: (grpc, openCalls) => addService(grpc, streamsService, streamsHandlers(store, openCalls, OPEN_ACCESS)),
  });
  t.after(async () => {
    await server.stop();
    await store.close();
  });
  const { call, answers } = callOf(t, server);
  const correlationId = randomUUID();
  const deadlineOption = { case: "deadline", value: { seconds: 0, nanos: 50_000_000 } } as const;
  call.write({ correlationId, options: options({ deadlineOption }), proposedMessages: [event()], isFinal: true });
  await until("the answer", () => answers.length === 1);
  assert.equal(written, 0);
  isAnswered();
  await afterAnother(call, answers);
  assert.equal(written, 2);
  assert.equal(answers.filter((answer) => answer.correlationId === correlationId).length, 1);
});

test("batch append – metadata that has to be there is named where it is not", async (t) => {
  const { call, answers } = await batch(t);
  call.write({
    correlationId: randomUUID(),
    options: options(),
    proposedMessages: [event({ metadata: [["type", "T"]] })],
    isFinal: true,
  });
  await until("the answer", () => answers.length === 1);
  const result = answers[0]!.result;
  assert.equal(result?.case, "error");
  assert.match(badRequest.decode(result.value.details!.value).message, /content-type/);
});

test("batch append – half-closed, the call ends once all is answered", async (t) => {
  const { call, answers, ended } = await batch(t);
  for (let i = 0; i < 20; i++) {
    call.write({ correlationId: randomUUID(), options: options(), proposedMessages: [event()], isFinal: true });
  }
  call.write({ correlationId: randomUUID(), options: options(), proposedMessages: [event()] });
  call.end();
  await until("the end", () => ended() !== undefined);
  assert.equal(ended()?.code, 0);
  assert.equal(answers.length, 20);
});

test("batch append – a server that stops cancels the call", async (t) => {
  const { server, call, answers, ended } = await batch(t);
  call.write({ correlationId: randomUUID(), options: options(), proposedMessages: [event()], isFinal: true });
  await until("an answer", () => answers.length === 1);
  await server.stop();
  await until("the end", () => ended() !== undefined);
  assert.equal(ended()?.code, 1, ended()?.details);
});

/** Waits until an append sent now is answered: whatever the ones before it caused has come by then. */
async function afterAnother(call: ClientDuplexStream<Request, Answer>, answers: readonly Answer[]): Promise<void> {
  const correlationId = randomUUID();
  call.write({ correlationId, options: options(), proposedMessages: [event()], isFinal: true });
  await until("another answer", () => answers.some((answer) => answer.correlationId === correlationId));
}
