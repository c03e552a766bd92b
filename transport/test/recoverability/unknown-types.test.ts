import assert from "node:assert/strict";
import { test } from "node:test";
import {
  command,
  component,
  type ComponentOptions,
  jsonSerializer,
  openParked,
  type SerializedBody,
  type SerializedMessage,
  startEndpoint,
} from "../../src/index.ts";
import { type Bench, bench, parked, read, until } from "../endpoint/harness.ts";

/** The messages of one test. */
const messagesOf = ({ name }: Bench) => ({
  Known: command(`${name("work")}.Known`, { to: name("work") })<{ n: number }>(),
  New: command(`${name("work")}.New`, { to: name("work") })<{ n: number }>(),
});
const MESSAGES = 200;

test("deploy – 59. of two instances one does not know a type: each message of it is handled by the other, and none is parked", async () => {
  await using b = await bench();
  const { Known, New } = messagesOf(b);
  const got: number[] = [];
  const known: number[] = [];
  // What the newer one fails with is tried again as often as its policy says, however often others have given the message back.
  const failed = new Set<number>();
  const options: ComponentOptions = { immediateRetries: 0, delayedRetries: 1, timeIncrease: 1 };
  const old = await startEndpoint(
    [component(b.name("work"), options, (c) => c.handle(Known, (m) => void known.push(m.n)))],
    {
      connectionString: b.connectionString,
      // Of a type that it does not know it cannot read the body either.
      serializer: {
        ...jsonSerializer,
        deserialize(body: SerializedBody, message: SerializedMessage): object {
          assert.equal(message.type, `${b.name("work")}.Known`);
          return jsonSerializer.deserialize(body, message);
        },
      },
      on: () => {},
    },
  );
  const newer = await b.start(
    component(b.name("work"), options, (c) => {
      c.handle(Known, (m) => void known.push(m.n));
      c.handle(New, ({ n }) => {
        if (failed.has(n) || n % 10 !== 0) return void got.push(n);
        failed.add(n);
        throw new Error("It fails at first.");
      });
    }),
  );
  try {
    for (let n = 0; n < MESSAGES; n += 1) {
      await b.sender.send(New, { n });
      await b.sender.send(Known, { n });
    }
    await until("all are handled", () => got.length >= MESSAGES && known.length >= MESSAGES);
    assert.ok(old.counts(b.name("work")).delayed > 0, "the older one has given some back");
    assert.equal(old.counts(b.name("work")).parked + newer.counts(b.name("work")).parked, 0);
    assert.equal(new Set(got).size, MESSAGES);
    assert.deepEqual([got.length, known.length], [MESSAGES, MESSAGES]);
  } finally {
    await old.stop();
  }
});

test("deploy – 59. a type that nobody knows is given back as often as is said, and then parked with what to do; a replay begins anew", async () => {
  await using b = await bench();
  const { Known, New } = messagesOf(b);
  const options: ComponentOptions = { unknownTypeRetries: 2 };
  const old = await b.start(component(b.name("work"), options, (c) => c.handle(Known, () => {})));
  const id = await b.sender.send(New, { n: 1 });
  const [reason] = await parked(b.client, b.name("work"), 1);
  assert.equal(reason!.exception.name, "UnknownMessageType");
  const { message } = reason!.exception;
  assert.ok(message.includes(`${b.name("work")} has no handler for `), message);
  assert.match(message, /\.New.*add one/);
  assert.deepEqual([reason!.unknownTypeRetries, reason!.delayedRetries, reason!.message.messageId], [2, 0, id]);
  assert.equal((await read(b.client, `in.${b.name("work")}-retries`)).length, 2);
  const messages = openParked(b.name("work"), { connectionString: b.connectionString });
  try {
    await messages.retry("all", { by: "ann" });
    await until("it is parked again", () => old.counts(b.name("work")).parked === 2);
    assert.equal(old.counts(b.name("work")).delayed, 4);
  } finally {
    await messages.close();
  }
});
