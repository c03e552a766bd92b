import assert from "node:assert/strict";
import { after, test } from "node:test";
import { ADAPTER_CASES, type AdapterBench } from "@sluice/transport/conformance";
import { nodeTsBusBench } from "./node-ts-bus.ts";

const sound = await nodeTsBusBench("transactional");
after(() => sound.close());

const nothing = async (): Promise<void> => {};

/** For each case an adapter that breaks its promise: by the numbers of the case. */
const FLAWS: Readonly<Record<string, Partial<AdapterBench>>> = {
  "1": {
    start: (of) =>
      sound.start({ ...of, handle: async (text, how) => (await of.handle(text, how), of.handle(text, how)) }),
  },
  "3": { start: (of) => sound.start({ ...of, concurrency: of.concurrency + 1 }) },
  "24,27": {
    start: (of) =>
      sound.start({ ...of, handle: (text) => of.handle(text, { send: (to, said) => sound.send(to, said) }) }),
  },
  "41": { putAside: async () => [] },
  "44": { retry: nothing },
  "7,9": {
    async start(of) {
      const { stop } = await sound.start(of);
      return { stop: async () => void stop() };
    },
  },
  "20": { restart: nothing, send: nothing },
  "21": { sendBytes: nothing },
  "31": { start: (of) => sound.start({ ...of, subscribes: true }) },
  "66": {
    crash: nothing,
    start: (of) => sound.start({ ...of, handle: async (text, how) => of.handle(text, how).catch(nothing) }),
  },
};

for (const { numbers, name, run } of ADAPTER_CASES) {
  test(`adapter conformance – an adapter is refused that does not keep it: ${name}`, async () => {
    const flaw = FLAWS[String(numbers)];
    assert.ok(flaw !== undefined, `no flaw is known for ${numbers.join(", ")}`);
    await assert.rejects(run({ ...sound, ...flaw, patience: 1_500 }), { name: "AssertionError" });
  });
}
