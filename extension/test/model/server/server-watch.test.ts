import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { suite, test } from "node:test";
import type { ObservedComponent, ParkedGroup, ServerObservation } from "@sluice/transport/deploy";
import type { ServerReader } from "../../../src/server/server.ts";
import { ServerWatch } from "../../../src/server/server-watch.ts";
import { emitter } from "../connections/fake-vscode.ts";

/** A server of one component, and a clock that the test decides about. */
function world() {
  const clock = new EventEmitter();
  let looks = 0;
  let changes = 0;
  let failure: Error | undefined;
  let parked = 0;
  let groups: readonly ParkedGroup[] = [];
  let connectionId: string | undefined = "a";
  const reader: ServerReader = {
    async observe(names) {
      looks += 1;
      clock.emit("look");
      if (failure !== undefined) throw failure;
      return observationOf(["sales", ...names], parked);
    },
    planOf: () => assert.fail("nothing is planned"),
    history: async () => [],
    parked: { groups: async () => groups, list: async () => ({ messages: [], next: undefined }) },
  };
  const watch = new ServerWatch({
    target: () => (connectionId === undefined ? undefined : { id: connectionId, open: async () => reader }),
    names: () => ["billing"],
    changes: emitter(),
    async wait(_, signal) {
      clock.emit("waiting");
      await once(clock, "tick", { signal });
    },
    now: () => 0,
  });
  watch.onDidChange(() => (changes += 1));
  return {
    watch,
    clock,
    looks: () => looks,
    changes: () => changes,
    fail: (error: Error | undefined) => (failure = error),
    park: (count: number, of: readonly ParkedGroup[]) => ([parked, groups] = [count, of]),
    connect: (id: string | undefined) => (connectionId = id),
  };
}

const observationOf = (names: readonly string[], parked: number): ServerObservation => ({
  components: names.map((name): ObservedComponent => ({
    name,
    deployed: undefined,
    open: undefined,
    group: {
      messageTimeout: 30_000,
      maxRetryCount: 1,
      resolvesLinks: true,
      parked,
      consumers: 0,
      inFlight: 0,
      checkpoint: undefined,
      lastKnown: 10n,
    },
    problems: [],
    oldestWaiting: undefined,
    projections: [],
    seesTexts: true,
  })),
  statuses: new Map(),
  seesGroups: true,
});

const GROUP: ParkedGroup = {
  failureGroup: "TypeError at handle",
  count: 2,
  firstFailedAt: new Date(0),
  lastFailedAt: new Date(1),
};

const kindOf = (watch: ServerWatch): string => watch.view.kind;

suite("server watch", () => {
  test("nothing is read before somebody watches, nor after the last one has gone", async () => {
    const { watch, clock, looks } = world();
    assert.equal(looks(), 0);
    const waiting = once(clock, "waiting");
    const end = watch.watch();
    const endOther = watch.watch();
    await waiting;
    assert.equal(looks(), 1);
    end();
    end();
    const again = once(clock, "waiting");
    clock.emit("tick");
    await again;
    assert.equal(looks(), 2);
    endOther();
    clock.emit("tick");
    await new Promise(setImmediate);
    assert.equal(looks(), 2);
  });

  test("tells of a change, and not of a look that found the same again", async () => {
    const { watch, changes, park } = world();
    await watch.look();
    const first = changes();
    assert.ok(first > 0);
    await watch.look();
    assert.equal(changes(), first);
    park(2, [GROUP]);
    await watch.look();
    assert.ok(changes() > first);
    const { view } = watch;
    assert.equal(view.kind === "seen" && view.failed.get("sales")?.[0]?.count, 2);
  });

  test("what the server has put aside and somebody has dealt with is not counted", async () => {
    const { watch, park } = world();
    park(3, []);
    await watch.look();
    const { view } = watch;
    assert.deepEqual(view.kind === "seen" && view.failed.get("sales"), []);
  });

  test("what was seen stays while the server is away, with the reason beside it", async () => {
    const { watch, fail } = world();
    fail(new Error("away"));
    await watch.look();
    assert.equal(kindOf(watch), "failed");
    fail(undefined);
    await watch.look();
    fail(new Error("away again"));
    await watch.look();
    const { view } = watch;
    assert.ok(view.kind === "seen");
    assert.equal(String(view.error), "Error: away again");
    assert.equal(view.observed.components.length, 2);
    fail(undefined);
    await watch.look();
    const { view: after } = watch;
    assert.ok(after.kind === "seen" && after.error === undefined);
  });

  test("another connection's components are never shown, and are looked at as soon as it is there", async () => {
    const { watch, clock, connect, looks } = world();
    const waiting = once(clock, "waiting");
    const end = watch.watch();
    await waiting;
    connect("b");
    assert.equal(kindOf(watch), "nothing");
    const look = once(clock, "look");
    watch.moved();
    await look;
    await watch.look();
    const { view } = watch;
    assert.ok(view.kind === "seen" && view.connectionId === "b");
    connect(undefined);
    watch.moved();
    assert.equal(kindOf(watch), "nothing");
    const read = looks();
    await watch.look();
    assert.equal(looks(), read);
    end();
  });

  test("who asks while it is looked at is answered by a look that begins later", async () => {
    const { watch, looks } = world();
    const first = watch.look();
    await Promise.all([first, watch.look(), watch.look()]);
    assert.equal(looks(), 2);
  });
});
