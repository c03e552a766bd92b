import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { EMPTY, lastValueFrom, throwError } from "rxjs";
import { until } from "../../until.ts";
import { SluiceRecord } from "@sluice/transport/nestjs";
import { bench, onEvent, onMessage } from "./application.ts";

test("nestjs – of several handlers of one pattern each is waited for, also where another has failed or given nothing", async () => {
  await using at = await bench();
  const log: string[] = [];
  const slow = (pattern: string) =>
    onEvent(pattern, async () => {
      await sleep(100);
      log.push("slow");
    });
  const failing = onEvent("orders.failing", () => throwError(() => new Error("no")));
  await at.start([onEvent("orders.empty", () => EMPTY), slow("orders.empty"), failing, slow("orders.failing")], {
    retries: { immediateRetries: 1, delayedRetries: 0 },
    on: ({ kind }) => kind !== "connected" && log.push(kind),
  });
  const client = at.client();
  await lastValueFrom(client.emit("orders.empty", {}), { defaultValue: 0 });
  await until(async () => log.includes("handled") || undefined);
  await lastValueFrom(client.emit("orders.failing", {}), { defaultValue: 0 });
  await until(async () => log.includes("parked") || undefined);
  assert.deepEqual(log, ["slow", "handled", "slow", "failed", "retried", "slow", "failed", "parked"]);
});

test("nestjs – an event goes to event handlers and a request to who answers it, where both have one pattern", async () => {
  await using at = await bench();
  const seen: string[] = [];
  const both = (who: string) => {
    const handlers = [onMessage("orders.both", () => who), onEvent("orders.both", () => void seen.push(who))];
    return who === "one" ? handlers : handlers.toReversed();
  };
  for (const component of ["one", "other"]) await at.start(both(component), { component });
  await lastValueFrom(at.client().emit("orders.both", {}), { defaultValue: 0 });
  await until(async () => seen.length >= 2 || undefined);
  assert.deepEqual(seen.toSorted(), ["one", "other"]);
  for (const destination of ["one", "other"])
    assert.equal(await lastValueFrom(at.client({ destination }).send("orders.both", {})), destination);
});

test("nestjs – what several handlers of an event emit has the id of its handler, however the others decide when it is handled again", async () => {
  await using at = await bench();
  const told: string[] = [];
  await at.start([onEvent("mail.*", ({ who }: { who: string }) => void told.push(who))], { component: "mail" });
  const client = at.client();
  const emit = (pattern: string, data: object) => lastValueFrom(client.emit(pattern, data), { defaultValue: 0 });
  const notify = (who: string) => emit("mail.notify", new SluiceRecord({ who }, { destination: "mail" }));
  const handlers = [
    onEvent("orders.placed", async (_, { attempt }) => {
      if (attempt > 1) await notify("the first");
    }),
    onEvent("orders.placed", async (_, { attempt }) => {
      await notify("the second");
      if (attempt === 1) await emit("orders.printed", { pages: "x".repeat(1_100_000) });
    }),
    onEvent("orders.*", () => notify("the last")),
  ];
  await at.start(handlers, { sends: "direct", recover: () => ({ action: "retry" }) });
  await emit("orders.placed", {});
  await until(async () => told.length >= 3 || undefined);
  assert.deepEqual(told.toSorted(), ["the first", "the last", "the second"]);
});
