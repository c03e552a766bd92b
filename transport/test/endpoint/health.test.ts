import assert from "node:assert/strict";
import { test } from "node:test";
import { startEmbedded } from "@sluice/embedded";
import {
  command,
  component,
  type ComponentHealth,
  type Endpoint,
  event,
  type HealthOptions,
  ServerUnreachable,
  startEndpoint,
  view,
} from "../../src/index.ts";
import { namesOf, newRun } from "../names.ts";
import { onOwnServer } from "../server-under-test.ts";
import { type Bench, bench, until } from "./harness.ts";

const messagesOf = ({ name }: Pick<Bench, "name">) => ({
  Do: command(`${name("work")}.Do`, { to: name("work") })<{ what: string }>(),
  Done: event(`${name("work")}.Done`)<{ what: string }>(),
});

/** The health of the only component, once it is as expected. */
async function healthWhen(
  what: string,
  endpoint: Endpoint,
  isSo: (health: ComponentHealth) => boolean,
  options?: HealthOptions,
): Promise<ComponentHealth> {
  return until(what, async () => {
    const [health] = (await endpoint.health(options)).components;
    return health !== undefined && isSo(health) ? health : undefined;
  });
}

test("health – a component that handles messages is healthy; parked messages, standing projections and views degrade it, and it says so", async () => {
  await using b = await bench();
  const { Do, Done } = messagesOf(b);
  const broken = view(
    "broken",
    () => ({}),
    (v) =>
      v.on(Done, () => {
        throw new Error("the fold is broken");
      }),
  );
  const work = component(b.name("work"), { immediateRetries: 0, delayedRetries: 0 }, (c) => {
    c.handle(Do, async ({ what }, ctx) => {
      if (what === "fail") throw new TypeError("it does not work");
      await ctx.publish(Done, { what });
    });
    c.view(broken);
  });
  const endpoint = await b.start(work);
  const healthy = await healthWhen("it is connected", endpoint, ({ isConnected }) => isConnected);
  assert.deepEqual(
    { ...healthy, queue: { ...healthy.queue, consumers: undefined } },
    {
      name: b.name("work"),
      status: "healthy",
      reasons: [],
      isConnected: true,
      isPaused: false,
      queue: { length: 0, lag: 0, parked: 0, consumers: undefined },
      lastProblem: undefined,
    },
  );

  await b.sender.send(Do, { what: "fail" });
  const parked = await healthWhen("it is parked", endpoint, ({ queue }) => queue?.parked === 1);
  assert.equal(parked.status, "degraded");
  assert.deepEqual(parked.reasons, ["1 messages are parked."]);
  assert.match(parked.lastProblem?.text ?? "", /was parked after 1 attempts: TypeError: it does not work$/);

  await b.sender.send(Do, { what: "publish" });
  const viewed = await healthWhen("its view has stopped", endpoint, ({ reasons }) => reasons.length > 1);
  assert.match(viewed.reasons[0] ?? "", /^View broken has stopped: /);

  await b.client.disableProjection(`sluice.router.${b.name("work")}`);
  const standing = await healthWhen("its router has stopped", endpoint, ({ reasons }) => reasons.length > 2);
  assert.ok(
    standing.reasons.some((reason) => reason.startsWith(`Projection sluice.router.${b.name("work")} is stopped`)),
  );
  await b.client.enableProjection(`sluice.router.${b.name("work")}`);
  await healthWhen("its router runs again", endpoint, ({ reasons }) => reasons.length === 2);

  await endpoint.stop();
  const [stopped] = (await endpoint.health()).components;
  assert.deepEqual([stopped?.status, stopped?.reasons[0]], ["unhealthy", "It has stopped."]);
});

test("health – what has waited for too long degrades it", async () => {
  await using b = await bench();
  const { Do } = messagesOf(b);
  const ended = Promise.withResolvers<void>();
  const work = component(b.name("work"), { concurrency: 1 }, (c) => c.handle(Do, () => ended.promise));
  const endpoint = await b.start(work);
  await b.sender.send(Do, { what: "first" });
  await b.sender.send(Do, { what: "second" });
  const slow = await healthWhen("the queue is slow", endpoint, ({ reasons }) => reasons.length === 1, { maxLag: 20 });
  assert.equal(slow.status, "degraded");
  assert.match(slow.reasons[0] ?? "", /^The oldest of \d+ messages has waited for \d+ s\.$/);
  ended.resolve();
  const done = await healthWhen("nothing waits", endpoint, ({ queue }) => queue?.length === 0, { maxLag: 20 });
  assert.equal(done.status, "healthy");
});

test("health – while a server is away that a handler calls it is unhealthy, and then healthy again", async () => {
  await using b = await bench();
  const { Do } = messagesOf(b);
  let isAway = true;
  const work = component(b.name("work"), (c) =>
    c.handle(Do, () => {
      if (isAway) throw new ServerUnreachable("10.0.0.7:2113", {});
    }),
  );
  const endpoint = await b.start(work);
  await b.sender.send(Do, { what: "try" });
  const paused = await healthWhen("it pauses", endpoint, ({ isPaused }) => isPaused);
  assert.equal(paused.status, "unhealthy");
  assert.match(
    paused.reasons[0] ?? "",
    /a server is away: .*ServerUnreachable: No answer from EventStoreDB at 10\.0\.0\.7/,
  );
  isAway = false;
  const resumed = await healthWhen("it goes on", endpoint, ({ isPaused }) => !isPaused);
  assert.equal(resumed.status, "healthy");
  assert.deepEqual(b.seen.filter(({ kind }) => kind === "resumed").length, 1);
});

test(
  "health – without its server it is unhealthy, and says so in time",
  onOwnServer("it stops the server"),
  async () => {
    const name = namesOf(newRun());
    const server = await startEmbedded({ memory: true, port: 0 });
    const { connectionString } = server;
    const work = component(name("work"), (c) => c.handle(messagesOf({ name }).Do, () => {}));
    const endpoint = await startEndpoint([work], { connectionString, on: () => {} });
    await server.stop();
    const within = 200;
    const gone = await healthWhen("it has lost its server", endpoint, ({ status }) => status === "unhealthy", {
      within,
    });
    assert.deepEqual(
      [gone.reasons, gone.isConnected, gone.queue],
      [["It has no connection to its queue."], false, undefined],
    );
    await endpoint.stop({ deadline: 0 });
  },
);
