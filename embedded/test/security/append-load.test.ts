import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test, type TestContext } from "node:test";
import { status, type ClientDuplexStream, type ClientWritableStream, type ServiceError } from "@grpc/grpc-js";
import fc from "fast-check";
import { OPEN_ACCESS } from "../../src/grpc/access.ts";
import { AppendLoad, type AppendLoadLimits, weightOf } from "../../src/grpc/append-load.ts";
import { startGrpcServer } from "../../src/grpc/server.ts";
import { streamsHandlers } from "../../src/grpc/streams-service.ts";
import type { Decoded, Encodable } from "../../src/grpc/wire/message.ts";
import { addService } from "../../src/grpc/wire/service.ts";
import {
  type appendReq,
  type batchAppendReq,
  type batchAppendResp,
  streamsService,
} from "../../src/grpc/wire/streams.ts";
import { bareClient } from "../grpc/running-server.ts";
import { openedStore } from "./opened-store.ts";
import { until } from "../until.ts";

const event = (size: number) => ({
  id: randomUUID(),
  metadata: [
    ["type", "Blob"],
    ["content-type", "application/octet-stream"],
  ] as const,
  customMetadata: Buffer.alloc(0),
  data: Buffer.alloc(size),
});

/** A server whose disk answers only when it is released. */
async function stalled(t: TestContext, limits: AppendLoadLimits) {
  const store = openedStore(t);
  let taken = 0;
  let release = (): void => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  store.append = async () => {
    taken++;
    await released;
    return { outcome: "appended", revision: 0, position: 0 };
  };
  const load = new AppendLoad(limits);
  const server = await startGrpcServer({
    host: "127.0.0.1",
    port: 0,
    register: (grpc, openCalls) =>
      addService(grpc, streamsService, streamsHandlers(store, openCalls, OPEN_ACCESS, load)),
  });
  t.after(() => server.stop());
  const client = bareClient(t, server, streamsService as never) as unknown as Record<string, Function>;
  return {
    load,
    release,
    taken: () => taken,
    /** Begins a classic append; resolves with its status. */
    append(sizes: readonly number[], isWhole = true) {
      let call!: ClientWritableStream<Encodable<typeof appendReq>>;
      const code = new Promise<number>((resolve) => {
        call = client["append"]!((error: ServiceError | null) => resolve(error?.code ?? status.OK));
      });
      call.on("error", () => {});
      call.write({
        content: { case: "options", value: { streamIdentifier: "s", expectedStreamRevision: { case: "any" } } },
      });
      for (const size of sizes) call.write({ content: { case: "proposedMessage", value: event(size) } });
      if (isWhole) call.end();
      return { code, call };
    },
    batch(): ClientDuplexStream<Encodable<typeof batchAppendReq>, Decoded<typeof batchAppendResp>> {
      const call = client["batchAppend"]!();
      call.on("error", () => {});
      return call;
    },
  };
}

const options = { streamIdentifier: "s", expectedStreamPosition: { case: "any" } } as const;

test("append load – appends beyond what the disk can hold are refused, and taken again when it has caught up", async (t) => {
  const { append, release, taken } = await stalled(t, { bytes: 1e9, appends: 10 });
  const first = Array.from({ length: 10 }, () => append([10]));
  await until("ten are taken", () => taken() === 10);
  assert.equal(await append([10]).code, status.UNAVAILABLE);
  release();
  for (const { code } of first) assert.equal(await code, status.OK);
  assert.equal(await append([10]).code, status.OK);
});

test("append load – appends that never end are refused when they hold too much, and give it back", async (t) => {
  const { append, load, release } = await stalled(t, { bytes: 1_000_000, appends: 1000 });
  const begun = Array.from({ length: 20 }, () => append([100_000], false));
  const codes = begun.map(({ code }) => code);
  assert.equal(await Promise.race(codes), status.UNAVAILABLE);
  assert.equal(load.isFull, true);
  // Grpc-js ends the appends that it gives up, so they are written, and then over.
  for (const { call } of begun) call.cancel();
  release();
  await until("all is given back", () => !load.isFull);
});

test("append load – of batches no more is read, and all are answered in the end", async (t) => {
  const { batch, release, taken } = await stalled(t, { bytes: 1e9, appends: 50 });
  const calls = [batch(), batch()];
  let answered = 0;
  for (const call of calls) {
    call.on("data", () => answered++);
    for (let i = 0; i < 500; i++) {
      call.write({ correlationId: randomUUID(), options, proposedMessages: [event(10)], isFinal: true });
    }
  }
  await until("fifty are taken", () => taken() >= 50);
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.ok(taken() <= 52, `${taken()} were taken`);
  release();
  await until("all are answered", () => answered === 1000);
});

test("append load – an append that was given up by its deadline counts until the disk has answered", async (t) => {
  const { batch, load, release, taken } = await stalled(t, { bytes: 1e9, appends: 5 });
  const call = batch();
  const answers: unknown[] = [];
  call.on("data", (answer) => answers.push(answer));
  const deadlineOption = { case: "deadline", value: { seconds: 0, nanos: 1_000_000 } } as const;
  for (let i = 0; i < 20; i++) {
    const timed = { ...options, deadlineOption };
    call.write({ correlationId: randomUUID(), options: timed, proposedMessages: [event(10)], isFinal: true });
  }
  await until("five are answered", () => answers.length >= 5);
  assert.equal(load.isFull, true);
  await new Promise((resolve) => setTimeout(resolve, 200));
  assert.ok(taken() <= 6, `${taken()} were taken`);
  release();
  await until("all are answered", () => answers.length === 20);
  assert.equal(load.isFull, false);
});

test("append load – a batch of nothing but metadata has an end, too", async (t) => {
  const { batch, release } = await stalled(t, { bytes: 1e9, appends: 1000 });
  release();
  const call = batch();
  const answers: Decoded<typeof batchAppendResp>[] = [];
  call.on("data", (answer) => answers.push(answer));
  const large = { ...event(0), customMetadata: Buffer.alloc(4 * 1024 * 1024) };
  for (let batches = 1, isLate = true; isLate; batches++) {
    const correlationId = randomUUID();
    for (let i = 0; i < 10; i++) call.write({ correlationId, ...(i === 0 && { options }), proposedMessages: [large] });
    await until("it is refused", () => answers.length === batches);
    const answer = JSON.stringify(answers.at(-1)?.result);
    // On a busy machine it may not be there in the time that a batch has.
    isLate = answer.includes('"Timeout"');
    if (!isLate) assert.match(answer, /MaximumAppendSizeExceeded/);
  }
});

test("append load – whatever comes and goes, in the end there is room, and who waited was told once", () => {
  const step = fc.record({ bytes: fc.nat(400), delay: fc.nat(5) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const load = new AppendLoad({ bytes: 1000, appends: 5 });
      const open: number[] = [];
      let told = 0;
      const listener = () => told++;
      let asked = false;
      for (const { bytes, delay } of steps) {
        load.begin();
        load.hold(bytes);
        open.push(bytes);
        const sum = open.reduce((total, one) => total + one, 0);
        assert.equal(load.isFull, sum >= 1000 || open.length >= 5);
        if (load.isFull) {
          load.whenRoom(listener);
          load.whenRoom(listener);
          asked = true;
        }
        while (open.length > delay) {
          const before = told;
          load.end(open.shift()!);
          assert.ok(told - before <= 1);
        }
      }
      while (open.length > 0) load.end(open.shift()!);
      assert.equal(load.isFull, false);
      assert.equal(told > 0, asked);
    }),
  );
});

test("append load – a small event of a large message weighs what the message does", () => {
  const message = Buffer.alloc(1024 * 1024);
  const small = { id: "", type: "T", isJson: false, data: message.subarray(0, 10), metadata: Buffer.alloc(0) };
  assert.equal(weightOf([small, small]), message.length);
  const own = { ...small, data: new Uint8Array(10) };
  assert.ok(weightOf([own]) > 10 && weightOf([own]) < 1000);
});
