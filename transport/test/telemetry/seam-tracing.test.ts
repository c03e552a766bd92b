import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { openTelemetry } from "@sluice/transport/opentelemetry";
import { eventStoreTransport } from "../../src/index.ts";
import type { TransportMessage } from "../../src/seam/index.ts";
import { bench, until } from "../endpoint/harness.ts";
import { recordingProvider, type RecordedSpan, treeOf } from "./recorded-spans.ts";

const message = (type: string, headers: Readonly<Record<string, string>> = {}): TransportMessage => ({
  id: randomUUID(),
  type,
  headers,
  body: Buffer.from("{}"),
  isJson: true,
});

test("traces – 57. who brings a bus of their own has one trace over its messages, too", async () => {
  await using b = await bench();
  const spans: RecordedSpan[] = [];
  const handled: string[] = [];
  const instrumentation = [
    openTelemetry({ traces: recordingProvider((span) => spans.push(span)) }),
    { on: ({ kind }: { readonly kind: string }) => void (kind === "handled" && handled.push(kind)) },
  ];
  const transport = eventStoreTransport({ connectionString: b.connectionString, instrumentation });
  const [first, second] = [b.name("first"), b.name("second")];
  const host = { name: first, onCriticalError: () => {} };
  const infrastructure = await transport.initialize(host, [{ address: first }, { address: second }]);
  const seen: unknown[] = [];
  for (const [address, receiver] of infrastructure.receivers) {
    await receiver.initialize(
      { concurrency: 1 },
      async ({ message: { headers }, dispatcher }) => {
        seen.push(headers["tenant"]);
        if (address === second) return;
        await dispatcher.dispatch({
          unicast: [
            { destination: second, message: message("Kept", { tenant: "acme" }) },
            { destination: second, message: message("Isolated", { tenant: "acme" }), isolated: true },
          ],
        });
      },
      async () => ({ action: "retry" }),
    );
    await receiver.start();
  }
  await infrastructure.dispatcher.dispatch({
    unicast: [{ destination: first, message: message("Begun", { tenant: "acme" }) }],
  });
  await until("all are handled", () => handled.length === 3);
  await infrastructure.shutdown(AbortSignal.timeout(10_000));

  assert.deepEqual(seen, ["acme", "acme", "acme"]);
  const [tree, ...others] = treeOf(spans);
  assert.deepEqual(others, []);
  const sorted = (one: unknown): unknown =>
    Array.isArray(one)
      ? [
          one[0],
          ...one
            .slice(1)
            .map(sorted)
            .toSorted((x, y) => (String(x) < String(y) ? -1 : 1)),
        ]
      : one;
  assert.deepEqual(sorted(tree), [
    `send ${first}`,
    // What is kept leaves at the end, what is isolated at once.
    [
      `process ${first}`,
      "send",
      "send",
      [`send ${second}`, `process ${second}`],
      [`send ${second}`, `process ${second}`],
    ],
  ]);
});
