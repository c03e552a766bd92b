/** Fills a log until the disk refuses, then shows what is left of it. Run with a limit on the size of files. */
import { randomUUID } from "node:crypto";
import { WriteFailedError } from "../../src/log/errors.ts";
import { Log } from "../../src/log/log.ts";

const log = Log.open({ location: { directory: process.argv[2] ?? "" }, now: () => 1 });
const write = (bytes: number) =>
  log.stage([
    {
      stream: "s",
      events: [{ id: randomUUID(), type: "T", isJson: false, data: Buffer.alloc(bytes), metadata: Buffer.alloc(0) }],
    },
  ]);
let acknowledged = 0;
let refusal: unknown;
while (refusal === undefined) {
  // Three at once: those that were accepted behind the one that fails must fail with it.
  const results = await Promise.allSettled([write(100_000), write(100_000), write(100_000)]);
  acknowledged += results.filter(({ status }) => status === "fulfilled").length;
  refusal = results.find((result) => result.status === "rejected")?.reason;
}
const visible = log.readAll(0, false, 1e6).length;
const [small] = await write(10);
await log.close();
console.log(
  JSON.stringify({ isWriteFailed: refusal instanceof WriteFailedError, acknowledged, visible, next: small?.revision }),
);
