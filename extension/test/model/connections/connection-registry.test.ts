import assert from "node:assert/strict";
import { once, EventEmitter } from "node:events";
import { suite, test } from "node:test";
import type { Connection, ConnectionState, Policy } from "../../../src/connections/connection.ts";
import {
  ConnectionGoneError,
  PasswordMissingError,
  ServerStoppedError,
  WriteCancelledError,
  WriteRefusedError,
} from "../../../src/connections/connection-errors.ts";
import { ConnectionRegistry } from "../../../src/connections/connection-registry.ts";
import type { ConnectionSource } from "../../../src/connections/connection-source.ts";
import { Passwords } from "../../../src/connections/passwords.ts";
import { UserConnections } from "../../../src/connections/user-connections.ts";
import {
  ConnectionClosedError,
  AccessDeniedError,
  LoginRefusedError,
  ServerUnreachableError,
  StreamNotFoundError,
} from "../../../src/event-store/errors.ts";
import type { EventReader, EventWriter } from "../../../src/event-store/event-store.ts";
import { FakeServer } from "./fake-server.ts";
import { emitter, memento } from "./fake-vscode.ts";

const PROBE_MS = 15_000;

/** All of it on a server and a clock that the test decides about. */
function world(environment: Readonly<Record<string, string>> = {}, ...more: readonly ConnectionSource[]) {
  const server = new FakeServer();
  const secrets = new Map<string, string>();
  const kept = memento();
  const log: string[] = [];
  const states: string[] = [];
  const asked: string[] = [];
  const clock = new EventEmitter();
  const waits: number[] = [];
  const ways: string[] = [];
  let ids = 0;
  let answersYes = true;
  const passwords = new Passwords({
    get: async (key: string) => secrets.get(key),
    store: async (key: string, value: string) => void secrets.set(key, value),
    delete: async (key: string) => void secrets.delete(key),
  } as never);
  const user = new UserConnections({ memento: kept, passwords, changes: emitter(), newId: () => `id-${++ids}` });
  let chosen: string | undefined;
  const registry = new ConnectionRegistry({
    sources: [...more, user],
    openEventStore: server.open,
    async openServer(connectionString, credentials) {
      ways.push(`${connectionString} as ${credentials?.login ?? "nobody"}`);
      return { reader: {}, writer: {}, close: () => ways.push("closed") } as never;
    },
    environment: (name) => environment[name],
    changes: emitter(),
    async confirmWrite({ name }, { what }) {
      asked.push(`${what} on ${name}`);
      return answersYes;
    },
    chosen: { get: () => chosen, set: (id) => (chosen = id) },
    async wait(milliseconds, signal) {
      if (milliseconds !== PROBE_MS) waits.push(milliseconds);
      clock.emit("waiting", milliseconds);
      await once(clock, milliseconds === PROBE_MS ? "probe" : "retry", { signal });
    },
    log: { info: (line: string) => log.push(line), warn: (line: string) => log.push(line) },
  });
  registry.onDidChange((id) => {
    if (id !== undefined) states.push(registry.stateOf(id).kind);
  });
  /** Resolves once the connection is in such a state. */
  async function until(id: string, is: (state: ConnectionState) => boolean): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const listener = registry.onDidChange(() => is(registry.stateOf(id)) && resolve());
    if (is(registry.stateOf(id))) resolve();
    await promise;
    listener.dispose();
  }
  const add = (more: { policy?: Policy; login?: string } = {}, password?: string): Promise<Connection> =>
    user.add({ name: `name ${ids}`, connectionString: "esdb://h:1?tls=true", policy: "read-write", ...more }, password);
  const sayNo = () => (answersYes = false);
  return { server, secrets, kept, log, states, asked, clock, waits, ways, user, registry, until, add, sayNo };
}

const readSome = (store: EventReader) =>
  store.read({ stream: "s" }, { from: "start", direction: "forwards", limit: 1, followsLinks: false });

suite("connections – opening", () => {
  test("nothing is asked of a server before it is needed, and then once for all", async () => {
    const { server, registry, add, states } = world();
    const { id } = await add();
    assert.deepEqual([server.opened.length, registry.stateOf(id).kind], [0, "closed"]);
    await Promise.all([registry.open(id), registry.open(id)]);
    await registry.open(id);
    assert.equal(server.opened.length, 1);
    assert.deepEqual(states, ["opening", "open"]);
    assert.deepEqual(registry.stateOf(id), {
      kind: "open",
      version: "23.10.6.0",
      capabilities: ["persistent-subscriptions", "users"],
    });
  });

  test("all who open it get the same object, whatever it is called meanwhile, until it is closed", async () => {
    const { registry, add, user, server, until, clock } = world();
    const { id } = await add();
    const store = await registry.open(id);
    const writing = await registry.openForWriting(id, { what: "Append" });
    assert.equal(await registry.open(id), store);
    await user.change(id, (one) => ({ ...one, name: "other", policy: "confirm" }));
    assert.equal(await registry.open(id), store);
    assert.equal(await registry.openForWriting(id, { what: "Append" }), writing);
    server.goAway();
    const waiting = once(clock, "waiting");
    await assert.rejects(readSome(store), ServerUnreachableError);
    await waiting;
    server.comeBack();
    clock.emit("retry");
    await until(id, ({ kind }) => kind === "open");
    assert.equal(await registry.open(id), store);
    registry.close(id);
    assert.notEqual(await registry.open(id), store);
    assert.notEqual(await registry.openForWriting(id, { what: "Append" }), writing);
  });

  test("login and password go to the server, and stand nowhere but in the secrets", async () => {
    const { server, registry, add, log, kept, secrets } = world({ PASS: "from the environment" });
    const { id } = await add({ login: "admin" }, "hunter2");
    await registry.open(id);
    assert.deepEqual(server.opened[0]?.credentials, { login: "admin", password: "hunter2" });
    assert.doesNotMatch(JSON.stringify([...kept.values]) + log.join() + JSON.stringify(registry.all), /hunter2/);
    assert.deepEqual([...secrets.values()], ["hunter2"]);
    const other = await add({ login: "ops" }, "${env:PASS}");
    await registry.open(other.id);
    assert.equal(server.opened[1]?.credentials?.password, "from the environment");
  });

  test("a login without a password is not tried", async () => {
    const { server, registry, add } = world();
    const { id } = await add({ login: "admin" });
    await assert.rejects(registry.open(id), PasswordMissingError);
    assert.deepEqual([server.opened.length, registry.stateOf(id).kind], [0, "failed"]);
  });

  test("a server that wants a login is not taken for one that lets in", async () => {
    const { server, registry, add } = world();
    const { id } = await add();
    server.readTrouble = new AccessDeniedError("no");
    await assert.rejects(registry.open(id), LoginRefusedError);
    const withLogin = await add({ login: "reader" }, "p");
    await registry.open(withLogin.id);
    assert.equal(registry.stateOf(withLogin.id).kind, "open");
  });

  test("a failure can be tried again", async () => {
    const { server, registry, add } = world();
    const { id } = await add();
    server.trouble = new LoginRefusedError("wrong");
    await assert.rejects(registry.open(id), LoginRefusedError);
    assert.equal(server.closed, 1);
    server.comeBack();
    await registry.open(id);
    assert.equal(registry.stateOf(id).kind, "open");
  });

  test("a connection that is gone says so", async () => {
    await assert.rejects(world().registry.open("nobody"), ConnectionGoneError);
  });
});

suite("connections – going away and coming back", () => {
  test("a server that goes away is looked for until it is back; who held the connection goes on with it", async () => {
    const { server, registry, add, until, clock, waits } = world();
    const { id } = await add();
    const store = await registry.open(id);
    server.goAway();
    const waiting = once(clock, "waiting");
    await assert.rejects(readSome(store), ServerUnreachableError);
    const state = registry.stateOf(id);
    assert.ok(state.kind === "failed" && state.isRetried);
    await waiting;
    for (let failures = 1; failures <= 7; failures++) {
      const again = once(clock, "waiting");
      clock.emit("retry");
      await again;
    }
    assert.deepEqual(waits, [500, 1000, 2000, 4000, 8000, 10_000, 10_000, 10_000]);
    server.comeBack();
    clock.emit("retry");
    await until(id, ({ kind }) => kind === "open");
    assert.equal((await readSome(store)).isEnd, true);
  });

  test("a loss is noticed while nobody asks for anything", async () => {
    const { server, registry, add, until, clock } = world();
    const { id } = await add();
    await registry.open(id);
    server.goAway();
    clock.emit("probe");
    await until(id, ({ kind }) => kind === "failed");
  });

  test("a password that has expired is not tried again by itself", async () => {
    const { server, registry, add, waits } = world();
    const { id } = await add({ login: "admin" }, "old");
    const store = await registry.open(id);
    server.trouble = new LoginRefusedError("expired");
    await assert.rejects(readSome(store), LoginRefusedError);
    assert.deepEqual([registry.stateOf(id).kind, waits], ["failed", []]);
  });

  test("what a stream answers says nothing about the connection", async () => {
    const { server, registry, add } = world();
    const { id } = await add();
    const store = await registry.open(id);
    server.trouble = new StreamNotFoundError("no such stream");
    await assert.rejects(readSome(store), StreamNotFoundError);
    assert.equal(registry.stateOf(id).kind, "open");
  });

  test("closing ends the search", async () => {
    const { server, registry, add, clock } = world();
    const { id } = await add();
    server.goAway();
    await assert.rejects(registry.open(id), ServerUnreachableError);
    registry.close(id);
    clock.emit("retry");
    await new Promise(setImmediate);
    assert.deepEqual([server.opened.length, registry.stateOf(id).kind], [1, "closed"]);
  });
});

suite("connections – changed while they are used", () => {
  for (const [what, change, isClosed] of [
    ["another server", { connectionString: "esdb://elsewhere" }, true],
    ["another login", { login: "other" }, true],
    ["another name", { name: "other" }, false],
    ["another policy", { policy: "read-only" }, false],
  ] as const) {
    test(`${what}: ${isClosed ? "closed" : "stays open"}`, async () => {
      const { server, registry, user, add } = world();
      const { id } = await add();
      const store = await registry.open(id);
      await user.change(id, (one) => ({ ...one, ...change }));
      assert.equal(registry.stateOf(id).kind, isClosed ? "closed" : "open");
      if (isClosed) await assert.rejects(readSome(store), ConnectionClosedError);
      else await readSome(store);
      assert.equal(server.closed, isClosed ? 1 : 0);
    });
  }

  test("removed: gone for all, its password, too", async () => {
    const { registry, user, add, secrets } = world();
    const { id } = await add({ login: "admin" }, "p");
    const store = await registry.open(id);
    await user.remove(id);
    await assert.rejects(readSome(store), ConnectionClosedError);
    await assert.rejects(registry.open(id), ConnectionGoneError);
    assert.equal(secrets.size, 0);
  });

  test("stopped: closed, still the current one, and refused by its name until it runs again", async () => {
    const changes = emitter<void>();
    let isStopped = false;
    const all = (): readonly Connection[] => [
      {
        id: "embedded",
        name: "e",
        connectionString: "esdb://h:1",
        policy: "read-write",
        origin: "embedded",
        isStopped,
      },
    ];
    const { registry, add } = world(
      {},
      {
        get all() {
          return all();
        },
        onDidChange: changes.event,
        credentialsOf: async () => undefined,
      },
    );
    await add();
    registry.choose("embedded");
    const store = await registry.open("embedded");
    isStopped = true;
    changes.fire();
    assert.deepEqual([registry.current?.id, registry.stateOf("embedded").kind], ["embedded", "closed"]);
    await assert.rejects(readSome(store), ConnectionClosedError);
    await assert.rejects(registry.open("embedded"), ServerStoppedError);
    await assert.rejects(registry.openForWriting("embedded", { what: "Append" }), ServerStoppedError);
    isStopped = false;
    changes.fire();
    await readSome(await registry.open("embedded"));
  });

  test("closed while it is being opened: the opener hears of it, and the client is not left behind", async () => {
    const { server, registry, add } = world();
    const { id } = await add();
    const opening = registry.open(id);
    registry.close(id);
    await assert.rejects(opening, ConnectionClosedError);
    assert.equal(server.opened.length - server.closed, 0);
  });
});

suite("connections – another window", () => {
  test("what it has changed is seen when this one is looked at again, and told of once", async () => {
    const { kept, registry, user, add } = world();
    const { id } = await add();
    const [entry] = kept.values.get("sluice.connections") as Connection[];
    kept.values.set("sluice.connections", [{ ...entry, name: "other" }]);
    let told = 0;
    registry.onDidChange(() => told++);
    user.refresh();
    user.refresh();
    assert.deepEqual([registry.find(id)?.name, told], ["other", 1]);
  });
});

suite("connections – the current one", () => {
  test("is the first until another one is chosen, and again when that is gone", async () => {
    const { registry, user, add } = world();
    const currentId = () => registry.current?.id;
    assert.equal(currentId(), undefined);
    const [first, second] = [await add(), await add()];
    assert.equal(currentId(), first.id);
    registry.choose(second.id);
    assert.equal(currentId(), second.id);
    await user.remove(second.id);
    assert.equal(currentId(), first.id);
  });
});

suite("connections – policies", () => {
  const intent = { what: "Append one event to order-17" };
  const write = (store: EventWriter) => store.append("order-17", "any", []);

  test("read-write: written without a question", async () => {
    const { server, registry, add, asked } = world();
    const { id } = await add({ policy: "read-write" });
    await write(await registry.openForWriting(id, intent));
    assert.deepEqual([server.appended, asked], [1, []]);
  });

  test("confirm: written after a yes that names stream and connection, not after a no", async () => {
    const { server, registry, add, asked, sayNo } = world();
    const { id, name } = await add({ policy: "confirm" });
    await write(await registry.openForWriting(id, intent));
    assert.deepEqual([server.appended, asked], [1, [`Append one event to order-17 on ${name}`]]);
    sayNo();
    await assert.rejects(registry.openForWriting(id, intent), WriteCancelledError);
    assert.equal(server.appended, 1);
  });

  test("read-only: refused, and the server hears nothing", async () => {
    const { server, registry, add, asked } = world();
    const { id } = await add({ policy: "read-only" });
    await assert.rejects(registry.openForWriting(id, intent), WriteRefusedError);
    assert.deepEqual([server.opened.length, asked], [0, []]);
  });

  test("what changes more than it says is asked for whatever the policy says", async () => {
    const { registry, add, asked, sayNo } = world();
    const { id, name } = await add({ policy: "read-write" });
    const grave = { what: "Retire sales", question: { button: "Retire", lines: ["Its streams stay."] } };
    await registry.openServerForWriting(id, grave);
    assert.deepEqual(asked, [`Retire sales on ${name}`]);
    sayNo();
    await assert.rejects(registry.openServerForWriting(id, grave), WriteCancelledError);
  });

  test("components are reached behind the link, once, with its login, and no longer than it is there", async () => {
    const { server, registry, add, ways, user } = world();
    const { id } = await add({ policy: "read-write", login: "ann" }, "secret");
    server.goAway();
    await assert.rejects(registry.openServer(id), ServerUnreachableError);
    assert.deepEqual(ways, []);
    server.comeBack();
    const reader = await registry.openServer(id);
    assert.equal(await registry.openServer(id), reader);
    await registry.openServerForWriting(id, intent);
    assert.deepEqual(ways, ["esdb://h:1?tls=true as ann"]);
    await user.change(id, (one) => ({ ...one, login: "bob" }));
    await new Promise(setImmediate);
    assert.deepEqual(ways, ["esdb://h:1?tls=true as ann", "closed"]);
    await user.change(id, (one) => ({ ...one, policy: "read-only" }));
    await assert.rejects(registry.openServerForWriting(id, intent), WriteRefusedError);
  });

  test("what was opened for reading has no way to write", async () => {
    const { registry, add } = world();
    const { id } = await add({ policy: "read-write" });
    const reader: EventReader = await registry.open(id);
    // @ts-expect-error -- the compiler refuses it, so that no call needs a wrapper that does
    const append = (): unknown => reader.append("order-17", "any", []);
    assert.equal(typeof append, "function");
  });
});
