import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { suite, test, type TestContext } from "node:test";
import { startEmbedded } from "@sluice/embedded";
import { command, component, event, shapeOf, startEndpoint } from "@sluice/transport";
import type { DeclaredComponent } from "../../../src/components/declared-components.ts";
import { ComponentsModel } from "../../../src/components/components-model.ts";
import { openEventStore } from "../../../src/event-store/open-event-store.ts";
import type { EventReader } from "../../../src/event-store/event-store.ts";
import { FailedModel } from "../../../src/failed-messages/failed-model.ts";
import { FlowSession } from "../../../src/flow/host/flow-session.ts";
import { snapshotState } from "../../../src/flow/reading/snapshot-state.ts";
import { componentFigures } from "../../../src/handlers/component-figures.ts";
import { CountCache } from "../../../src/handlers/seen/count-cache.ts";
import { countOrNone } from "../../../src/handlers/seen/type-count.ts";
import { openServer } from "../../../src/server/open-server.ts";
import type { ServerReader } from "../../../src/server/server.ts";
import { ServerWatch } from "../../../src/server/server-watch.ts";
import { wait } from "../../../src/timing/wait.ts";
import { emitter } from "../connections/fake-vscode.ts";

const ChargeCard = command("billing.ChargeCard", { to: "billing" })<{ orderId: string }>();
const Charged = event("billing.Charged")<{ orderId: string }>();
const billing = component("billing", { immediateRetries: 0, delayedRetries: 0 }, (c) => {
  c.handle(Charged, () => {});
  c.handle(ChargeCard, async (card, ctx) => {
    await ctx.publish(Charged, card);
    if (card.orderId === "bad") throw new RangeError("no card");
  });
});
const declared: readonly DeclaredComponent[] = [
  { name: "billing", shape: shapeOf(billing), place: {} as DeclaredComponent["place"] },
];
const LOCAL = { id: "a", name: "local", connectionString: "", policy: "read-write", origin: "user" } as const;
const connections = {
  current: LOCAL,
  find: () => LOCAL,
  stateOf: () => ({ kind: "open", version: "" }) as const,
};

/** The same, with each call that asks the server counted. */
const counted = <T extends object>(target: T, onCall: () => void): T =>
  new Proxy(target, {
    get(of, name) {
      const value: unknown = Reflect.get(of, name);
      if (typeof value === "object" && value !== null) return counted(value, onCall);
      if (typeof value !== "function" || name === "planOf") return value;
      return (...given: unknown[]): unknown => {
        onCall();
        return Reflect.apply(value, of, given);
      };
    },
  });

/** A server on which one message is handled and one was parked, and the rooms that show it, as they are put together in VS Code. */
async function rooms(t: TestContext) {
  const embedded = await startEmbedded({ memory: true, port: 0 });
  t.after(() => embedded.stop());
  const { connectionString } = embedded;
  const settled = new EventEmitter();
  const endpoint = await startEndpoint([billing], { connectionString, on: ({ kind }) => settled.emit(kind) });
  const parked = once(settled, "parked");
  await endpoint.send(ChargeCard, { orderId: "17" }, { correlationId: "17" });
  await endpoint.send(ChargeCard, { orderId: "bad" });
  await parked;
  await endpoint.stop();
  let reads = 0;
  const count = (): void => void (reads += 1);
  const server = await openServer(connectionString, undefined);
  const store = await openEventStore(connectionString);
  t.after(() => (server.close(), store.close()));
  const reader: ServerReader = counted(server.reader, count);
  const events: EventReader = counted<EventReader>(store, count);
  const clock = new EventEmitter();
  const watch = new ServerWatch({
    target: () => ({ id: "a", open: async () => reader }),
    names: () => ["billing"],
    changes: emitter(),
    async wait(_, signal) {
      clock.emit("waiting");
      await once(clock, "tick", { signal });
    },
    now: () => performance.now(),
  });
  return { watch, clock, store, events, reads: () => reads };
}

/** Says that nothing is asked while somebody else is answered as often as would do for many rounds. */
async function assertIdle(reads: () => number, others: EventReader): Promise<void> {
  const before = reads();
  const page = { from: "start", direction: "forwards", limit: 500, followsLinks: false } as const;
  for (let i = 0; i < 50; i++) await others.read({ all: true }, page);
  assert.equal(reads() - before, 0, "reads while nobody asks");
}

suite("nothing is read while nothing changes", () => {
  test("components, failed messages and what stands above handlers ask nobody between two looks, however often they are drawn", async (t) => {
    const { watch, clock, store, reads } = await rooms(t);
    await assertIdle(reads, store);
    assert.equal(reads(), 0, "read before somebody looks");
    const components = new ComponentsModel({
      connections,
      server: watch,
      declared: { current: declared, read: async () => {} },
    });
    const failed = new FailedModel(connections, watch);
    const drawn = async (): Promise<readonly string[]> => {
      const [component] = await components.children();
      const [group] = await failed.children();
      const { lag, parked } = componentFigures(watch.view, "billing") ?? {};
      return [
        component?.description ?? "",
        ...(await components.children(component)).map(({ label }) => label),
        group?.label ?? "",
        `${lag} ${parked}`,
      ];
    };
    // As when the view becomes visible: it looks, and then waits for its next look, which the test does not let come.
    const waiting = once(clock, "waiting");
    const end = watch.watch();
    await waiting;
    const rows = await drawn();
    assert.match(rows.join(), /^deployed · (?:\d waiting · )?1 failed,Queue,.*billing,\d+ 1$/);
    const before = reads();
    for (let i = 0; i < 20; i++) assert.deepEqual(await drawn(), rows);
    await assertIdle(reads, store);
    assert.equal(reads(), before, "reads for rows that are known");
    // Hidden again, not even the next look comes.
    end();
    clock.emit("tick");
    await assertIdle(reads, store);
    assert.equal(reads(), before);
  });

  test("a conversation that is shown, and counts above messages", async (t) => {
    const { store, events, reads } = await rooms(t);
    const cache = new CountCache(() => 0);
    const counts = () =>
      cache.of(events, "billing.Charged", () => countOrNone(events, "billing.Charged", AbortSignal.timeout(60_000)));
    await counts();
    const found = Promise.withResolvers<void>();
    const session = new FlowSession({
      asked: { correlationId: "17" },
      open: async () => events,
      wait,
      onState: () => {},
      snapshots: async () => snapshotState,
      post: ({ kind }) => kind === "conversation" && found.resolve(),
    });
    t.after(() => session.dispose());
    session.handle({ kind: "read", request: 1, isFurther: false });
    await found.promise;
    const before = reads();
    assert.ok(before > 1);
    for (let i = 0; i < 20; i++) await counts();
    await assertIdle(reads, store);
    assert.equal(reads(), before);
  });
});
