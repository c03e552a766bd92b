import assert from "node:assert/strict";
import { test } from "node:test";
import { Replies } from "../../src/endpoint/replies.ts";
import { jsonSerializer, reply, ServerUnreachable } from "../../src/index.ts";
import type { ResolvedEvent } from "../../src/store/event.ts";

const Charged = reply("billing.Charged")<{ receipt: string }>();
const ID = "6ba7b810-9dad-11d1-80b4-00c04fd430c8";

/** Replies on a server that gives what it is told to give. */
function asking(read: () => Promise<readonly ResolvedEvent[]> = async () => []) {
  let arrives: (event: ResolvedEvent) => void = () => {};
  const replies = new Replies(
    {
      read,
      follow: async (_stream, { signal }, deliver) => {
        arrives = deliver;
        await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
      },
    },
    "shop",
    jsonSerializer,
    { now: () => 0, random: () => 0 },
  );
  const answer = (receipt: string): void =>
    arrives({
      link: undefined,
      event: {
        stream: "intermediate.billing",
        id: crypto.randomUUID(),
        revision: 0n,
        position: undefined,
        type: Charged.type,
        isJson: true,
        created: new Date(0),
        data: Buffer.from(JSON.stringify({ receipt })),
        metadata: Buffer.from(JSON.stringify({ $causationId: ID })),
      },
    });
  const ask = (timeout: number, send: () => Promise<void>) =>
    replies.ask({ id: ID, type: "billing.Charge", isRepeat: false }, Charged, { timeout, signal: undefined }, send);
  return { replies, answer, ask };
}

const away = () => new ServerUnreachable("127.0.0.1:1", {});

test("asking – a command that may be stored though its answer was lost is sent again until it is known to be, and its reply is taken", async () => {
  const { replies, answer, ask } = asking();
  let sends = 0;
  const asked = ask(60_000, async () => {
    sends += 1;
    if (sends < 3) throw away();
    answer("paid");
  });
  assert.deepEqual(await asked, { receipt: "paid" });
  assert.equal(sends, 3);
  // Stored all the same, it is answered while it is sent again.
  const stored = ask(60_000, async () => {
    setImmediate(() => answer("paid, too"));
    throw away();
  });
  assert.deepEqual(await stored, { receipt: "paid, too" });
  await replies.stop();
});

test("asking – the first who asks while the server is away waits for it as those who ask later do", async () => {
  let reads = 0;
  const { replies, answer, ask } = asking(async () => {
    reads += 1;
    if (reads < 3) throw away();
    return [];
  });
  const asked = ask(60_000, async () => answer("paid"));
  assert.deepEqual(await asked, { receipt: "paid" });
  assert.equal(reads, 3);
  await replies.stop();
});

test("asking – a server that stays away is told when the time is over, and any other failure at once", async () => {
  const { replies, ask } = asking();
  await assert.rejects(
    ask(50, () => Promise.reject(away())),
    ServerUnreachable,
  );
  const refused = new Error("refused");
  await assert.rejects(
    ask(60_000, () => Promise.reject(refused)),
    refused,
  );
  await replies.stop();
});
