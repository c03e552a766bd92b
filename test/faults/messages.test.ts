import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { test } from "node:test";
import fc from "fast-check";
import { framed, framedMessages, unframed } from "./messages.ts";

test("messages – however the bytes are cut, the messages are the same", async () => {
  const message = fc.uint8Array({ maxLength: 300 });
  const sizes = fc.infiniteStream(fc.integer({ min: 1, max: 400 }));
  await fc.assert(
    fc.asyncProperty(fc.array(message, { maxLength: 6 }), sizes, async (messages, sizes) => {
      const bytes = Buffer.concat(messages.map(framed));
      const chunks: Buffer[] = [];
      for (let at = 0; at < bytes.length; at += chunks.at(-1)!.length) {
        chunks.push(bytes.subarray(at, at + sizes.next().value!));
      }
      const seen: Buffer[] = [];
      for await (const frame of framedMessages(Readable.from(chunks, { objectMode: false })))
        seen.push(unframed(frame));
      assert.deepEqual(
        seen.map((one) => one.toString("hex")),
        messages.map((one) => Buffer.from(one).toString("hex")),
      );
    }),
  );
});

test("messages – what is cut short comes last, as it is", async () => {
  const whole = framed(Buffer.from("whole"));
  const half = framed(Buffer.from("half")).subarray(0, 7);
  const seen: Buffer[] = [];
  for await (const frame of framedMessages(Readable.from([whole, half], { objectMode: false }))) seen.push(frame);
  assert.deepEqual(seen, [whole, half]);
});
