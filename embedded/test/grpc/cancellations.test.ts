import assert from "node:assert/strict";
import { test } from "node:test";
import { START, type StreamSubscription } from "@eventstore/db-client";
import { until } from "../until.ts";
import { counted, runningServer } from "./running-server.ts";

/** More than Node lets pass by itself. */
const CALLS = 2_000;
const AT_ONCE = 500;

test("given up – thousands of subscriptions that a client leaves do not cost it those that it keeps", async (t) => {
  const { client } = await runningServer(t);
  const kept: unknown[] = [];
  const failures: Error[] = [];
  const begin = async (stream: string): Promise<StreamSubscription> => {
    const subscription = client.subscribeToStream(stream, { fromRevision: START });
    subscription.on("error", (error) => failures.push(error));
    await new Promise<void>((resolve) => {
      subscription.once("confirmation", () => resolve());
      subscription.once("error", () => resolve());
    });
    return subscription;
  };
  const lasting = await begin("kept");
  lasting.on("data", (event) => kept.push(event));
  for (let left = CALLS; left > 0; left -= AT_ONCE) {
    const some = await Promise.all(Array.from({ length: AT_ONCE }, (_, n) => begin(`left-${n}`)));
    await Promise.all(some.map((subscription) => subscription.unsubscribe()));
  }
  await client.appendToStream("kept", counted(1));
  await until("the one that was kept gets its event", () => kept.length > 0 || failures.length > 0);
  assert.deepEqual(failures, []);
  assert.equal(kept.length, 1);
});
