import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { startEmbedded } from "@sluice/embedded";
import { eventStoreTransport, openParked } from "@sluice/transport";
import { until } from "../../until.ts";
import { type RunnerOptions, startRunner } from "./task-runner.ts";

/** A server, and runners on it that end with the test. */
async function runners(t: TestContext) {
  const { connectionString, stop } = await startEmbedded({ memory: true, port: 0 });
  t.after(stop);
  return {
    connectionString,
    async start(queue: string, tasks: RunnerOptions["tasks"], options: Partial<RunnerOptions> = {}) {
      const transport = eventStoreTransport({ connectionString });
      const runner = await startRunner({ transport, queue, tasks, backoff: () => 50, ...options });
      t.after(() => runner.stop());
      return runner;
    },
  };
}

test("tasks – a job runs once, by the task that is named like it, and adds others when it has ended well", async (t) => {
  const { start } = await runners(t);
  const printed: unknown[] = [];
  const attempts: number[] = [];
  await start("printing", { print: (payload) => void printed.push(payload) });
  const shop = await start("orders", {
    async place(payload, { addJob, attempt }) {
      attempts.push(attempt);
      await addJob("print", { order: payload, page: 1 }, { queue: "printing" });
      await addJob("print", { order: payload, page: 2 }, { queue: "printing" });
      if (attempt === 1) throw new Error("the first time it goes wrong");
    },
  });
  const id = randomUUID();
  await shop.addJob("place", 17, { id });
  await shop.addJob("place", 17, { id });
  await until(async () => printed.length >= 2 || undefined);
  await shop.addJob("place", 18);
  await until(async () => printed.length >= 4 || undefined);
  assert.deepEqual(printed, [
    { order: 17, page: 1 },
    { order: 17, page: 2 },
    { order: 18, page: 1 },
    { order: 18, page: 2 },
  ]);
  assert.deepEqual(attempts, [1, 2, 1, 2]);
});

test("tasks – a job that goes on failing is put aside after its attempts, with the last error; one for later waits", async (t) => {
  const { start, connectionString } = await runners(t);
  const ran: [string, number][] = [];
  const runner = await start("mail", {
    send: (_, { attempt }) => {
      ran.push(["send", attempt]);
      throw new Error("no such mailbox");
    },
    remind: (due) => void ran.push(["remind", Date.now() - Number(due)]),
  });
  await runner.addJob("send", {}, { maxAttempts: 3 });
  const runAt = new Date(Date.now() + 500);
  await runner.addJob("remind", runAt.getTime(), { runAt });
  const parked = openParked("mail", { connectionString });
  t.after(() => parked.close());
  const [message] = await until(async () => {
    const { messages } = await parked.list({ limit: 1 });
    return messages.length > 0 ? messages : undefined;
  });
  assert.deepEqual(
    ran.filter(([task]) => task === "send"),
    [
      ["send", 1],
      ["send", 2],
      ["send", 3],
    ],
  );
  assert.equal(message!.exception.message, "no such mailbox");
  assert.equal(message!.policyHeaders["attempts"], 3);
  await until(async () => ran.some(([task]) => task === "remind") || undefined);
  const [, late] = ran.find(([task]) => task === "remind")!;
  assert.ok(late >= 0, `${-late} ms early`);
});

test("tasks – the guide shows this very adapter, in less than 150 lines", () => {
  const code = readFileSync(join(import.meta.dirname, "task-runner.ts"), "utf8");
  const guide = readFileSync(join(import.meta.dirname, "../../../transport/docs/writing-an-adapter.md"), "utf8");
  assert.ok(guide.includes(`\`\`\`ts\n${code}\`\`\``));
  assert.ok(code.split("\n").length < 150);
});
