import assert from "node:assert/strict";
import { after, before, test, type TestContext } from "node:test";
import {
  AccessDeniedError,
  ANY,
  BACKWARDS,
  END,
  type EventStoreDBClient,
  jsonEvent,
  persistentSubscriptionToStreamSettingsFromDefaults,
  START,
  StreamNotFoundError,
} from "@eventstore/db-client";
import { status } from "@grpc/grpc-js";
import type { Embedded } from "../../src/index.ts";
import { all } from "../grpc/running-server.ts";
import { basic, callUsers, clientAs, createUser, secureServer } from "./secure-server.ts";

let server: Embedded;
before(async () => {
  server = await secureServer();
  await createUser(server, "ann", ["sales"]);
  await createUser(server, "bob", []);
});
after(() => server.stop());

const event = () => jsonEvent({ type: "Happened", data: { n: 1 } });
let streams = 0;
/** A stream of its own for each test, with one event. */
async function streamWith(t: TestContext, acl?: Record<string, string | string[]>, prefix = "s"): Promise<string> {
  const name = `${prefix}${++streams}`;
  const admin = clientAs(t, server, "admin");
  await admin.appendToStream(name, event());
  if (acl !== undefined) await admin.setStreamMetadata(name, { acl: acl as never });
  return name;
}

async function outcome(attempt: Promise<unknown>): Promise<"allowed" | "denied"> {
  try {
    await attempt;
    return "allowed";
  } catch (error) {
    if (error instanceof AccessDeniedError) return "denied";
    throw error;
  }
}

/** Everything a client can do with a stream, the deletions last; each answers whether it was let through. */
async function everything(client: EventStoreDBClient, stream: string): Promise<Record<string, string>> {
  const first = (subscription: NodeJS.ReadableStream & { unsubscribe(): Promise<void> }) =>
    new Promise<void>((resolve, reject) => {
      subscription.on("error", reject);
      subscription.on("data", () => resolve(subscription.unsubscribe()));
    });
  return {
    read: await outcome(all(client.readStream(stream))),
    backwards: await outcome(all(client.readStream(stream, { direction: BACKWARDS, fromRevision: END }))),
    subscribe: await outcome(first(client.subscribeToStream(stream, { fromRevision: START }) as never)),
    batch: await outcome(client.appendToStream(stream, event())),
    append: await outcome(client.appendToStream(stream, event(), { credentials: credentialsOf.get(client)! })),
    metaRead: await outcome(client.getStreamMetadata(stream)),
    metaWrite: await outcome(client.setStreamMetadata(stream, {})),
    delete: await outcome(client.deleteStream(stream)),
    tombstone: await outcome(client.tombstoneStream(stream, { expectedRevision: ANY })),
  };
}

const credentialsOf = new WeakMap<EventStoreDBClient, { username: string; password: string }>();
function as(t: TestContext, login: string, password?: string): EventStoreDBClient {
  const client = clientAs(t, server, login, password);
  credentialsOf.set(client, { username: login, password: password ?? "changeit" });
  return client;
}

const ALL = ["read", "backwards", "subscribe", "batch", "append", "metaRead", "metaWrite", "delete", "tombstone"];
const only = (...allowed: string[]) =>
  Object.fromEntries(ALL.map((what) => [what, allowed.includes(what) ? "allowed" : "denied"]));
const NOBODY = { $r: [], $w: [], $d: [], $mr: [], $mw: [] };
const asAcl = ({ $r, $w, $d, $mr, $mw }: Record<string, string[]>) => ({
  readRoles: $r!,
  writeRoles: $w!,
  deleteRoles: $d!,
  metaReadRoles: $mr!,
  metaWriteRoles: $mw!,
});

test("access – the right password opens, a wrong one, an unknown login and none at all do not", async (t) => {
  const stream = await streamWith(t);
  assert.equal((await all(as(t, "admin").readStream(stream))).length, 1);
  assert.equal((await all(as(t, "ann").readStream(stream))).length, 1);
  const strangers = { wrong: as(t, "admin", "changeit2"), unknown: as(t, "nobody"), none: clientAs(t, server, "") };
  for (const [what, client] of Object.entries(strangers)) {
    await assert.rejects(all(client.readStream(stream)), AccessDeniedError, what);
    await assert.rejects(client.appendToStream(stream, event()), (error) => {
      assert.ok(error instanceof AccessDeniedError, `${what}: ${error}`);
      return true;
    });
    await assert.rejects(client.deleteStream(stream), AccessDeniedError, what);
  }
});

test("access – credentials of one call count for that call", async (t) => {
  const stream = await streamWith(t, asAcl({ ...NOBODY, $r: ["bob"] }));
  const client = as(t, "ann");
  await assert.rejects(all(client.readStream(stream)), AccessDeniedError);
  const credentials = { username: "bob", password: "changeit" };
  assert.equal((await all(client.readStream(stream, { credentials }))).length, 1);
  await assert.rejects(
    all(client.readStream(stream, { credentials: { ...credentials, password: "no" } })),
    AccessDeniedError,
  );
});

test("access – without an ACL everybody who has logged in may do everything with a user stream", async (t) => {
  assert.deepEqual(await everything(as(t, "ann"), await streamWith(t)), only(...ALL));
});

test("access – a system stream is for admins", async (t) => {
  assert.deepEqual(await everything(as(t, "ann"), await streamWith(t, undefined, "$s")), only());
  assert.deepEqual(await everything(as(t, "ops"), await streamWith(t, undefined, "$s")), only());
  assert.deepEqual(await everything(as(t, "admin"), await streamWith(t, undefined, "$s")), only(...ALL));
});

const RIGHTS: Readonly<Record<string, readonly string[]>> = {
  $r: ["read", "backwards", "subscribe"],
  $w: ["batch", "append"],
  $d: ["delete", "tombstone"],
  $mr: ["metaRead"],
};
for (const [right, allowed] of Object.entries(RIGHTS)) {
  test(`access – ${right} in an ACL opens ${allowed.join(", ")} and nothing else`, async (t) => {
    const stream = await streamWith(t, asAcl({ ...NOBODY, [right]: ["sales"] }));
    assert.deepEqual(await everything(as(t, "bob"), stream), only());
    assert.deepEqual(await everything(as(t, "ann"), stream), only(...allowed));
  });
}

test("access – $mw in an ACL lets its holder change who may do what", async (t) => {
  const stream = await streamWith(t, asAcl({ ...NOBODY, $mw: ["ann"] }));
  const ann = as(t, "ann");
  await assert.rejects(all(ann.readStream(stream)), AccessDeniedError);
  await assert.rejects(ann.getStreamMetadata(stream), AccessDeniedError);
  await ann.setStreamMetadata(stream, { acl: asAcl({ ...NOBODY, $r: ["ann"] }) });
  assert.equal((await all(ann.readStream(stream))).length, 1);
  await assert.rejects(ann.setStreamMetadata(stream, {}), AccessDeniedError);
});

test("access – an admin is kept out by no ACL", async (t) => {
  assert.deepEqual(await everything(as(t, "admin"), await streamWith(t, asAcl(NOBODY))), only(...ALL));
});

test("access – $all is for admins, unless its own ACL says otherwise", async (t) => {
  const admin = as(t, "admin");
  const ann = as(t, "ann");
  const readAll = (client: EventStoreDBClient) => outcome(all(client.readAll({ maxCount: 1 })));
  const subscribe = (client: EventStoreDBClient) =>
    outcome(
      new Promise<void>((resolve, reject) => {
        const subscription = client.subscribeToAll({ fromPosition: START });
        subscription.on("error", reject);
        subscription.on("data", () => resolve(subscription.unsubscribe()));
      }),
    );
  assert.deepEqual(
    [await readAll(admin), await readAll(ann), await readAll(as(t, "ops"))],
    ["allowed", "denied", "denied"],
  );
  assert.deepEqual([await subscribe(admin), await subscribe(ann)], ["allowed", "denied"]);
  await admin.setStreamMetadata("$all", { acl: { readRoles: ["ann"] } as never });
  t.after(() => admin.setStreamMetadata("$all", {}));
  assert.deepEqual(
    [await readAll(ann), await subscribe(ann), await readAll(as(t, "bob"))],
    ["allowed", "allowed", "denied"],
  );
});

test("access – settings change what holds where no ACL does", async (t) => {
  const admin = as(t, "admin");
  const settings = (data: Record<string, unknown>) =>
    admin.appendToStream("$settings", jsonEvent({ type: "update-default-acl", data: data as never }));
  t.after(() => settings({}));
  const [user, system] = [await streamWith(t), await streamWith(t, undefined, "$s")];
  await settings({ $userStreamAcl: { $r: "bob" }, $systemStreamAcl: { $r: "$all" } });
  assert.equal(await outcome(all(as(t, "ann").readStream(user))), "denied");
  assert.equal(await outcome(all(as(t, "bob").readStream(user))), "allowed");
  assert.equal(await outcome(all(as(t, "bob").readStream(system))), "allowed");
  assert.equal(await outcome(as(t, "bob").appendToStream(user, event())), "allowed");
});

test("access – a link shows nobody an event that is not theirs to see", async (t) => {
  const secret = await streamWith(t, asAcl({ ...NOBODY, $r: ["bob"] }));
  const open = `open${++streams}`;
  const ann = as(t, "ann");
  const link = {
    type: "$>",
    contentType: "application/octet-stream",
    data: Buffer.from(`0@${secret}`),
    id: crypto.randomUUID(),
    metadata: undefined,
  };
  await ann.appendToStream(open, link as never);
  const follow = async (client: EventStoreDBClient) => {
    const [found] = await all(client.readStream(open, { resolveLinkTos: true }));
    return [found?.event?.streamId, found?.link?.streamId];
  };
  assert.deepEqual(await follow(ann), [undefined, open]);
  assert.deepEqual(await follow(as(t, "bob")), [secret, open]);
  assert.deepEqual(await follow(as(t, "admin")), [secret, open]);
  const live = await new Promise<unknown>((resolve, reject) => {
    const subscription = ann.subscribeToStream(open, { fromRevision: START, resolveLinkTos: true });
    subscription.on("error", reject);
    subscription.on("data", ({ event }) => resolve(subscription.unsubscribe().then(() => event)));
  });
  assert.equal(live, undefined);
});

test("access – a persistent subscription is made by operators, and consumed by who may read its stream", async (t) => {
  const stream = await streamWith(t, asAcl({ ...NOBODY, $r: ["ann"] }));
  const settings = persistentSubscriptionToStreamSettingsFromDefaults({ startFrom: START });
  const create = (login: string) => outcome(as(t, login).createPersistentSubscriptionToStream(stream, "g", settings));
  assert.deepEqual([await create("ann"), await create("bob"), await create("ops")], ["denied", "denied", "allowed"]);
  const consume = (login: string) =>
    outcome(
      new Promise<void>((resolve, reject) => {
        const group = as(t, login).subscribeToPersistentSubscriptionToStream(stream, "g");
        group.on("error", reject);
        group.on("data", () => resolve(group.unsubscribe()));
      }),
    );
  assert.deepEqual([await consume("ann"), await consume("bob"), await consume("ops")], ["allowed", "denied", "denied"]);
  const info = await as(t, "ann").getPersistentSubscriptionToStreamInfo(stream, "g");
  assert.equal(info.groupName, "g");
  assert.equal(await outcome(as(t, "ann").replayParkedMessagesToStream(stream, "g")), "denied");
  assert.equal(await outcome(as(t, "ann").updatePersistentSubscriptionToStream(stream, "g", settings)), "denied");
  assert.equal(await outcome(as(t, "ann").deletePersistentSubscriptionToStream(stream, "g")), "denied");
  assert.equal(await outcome(as(t, "ann").restartPersistentSubscriptionSubsystem()), "denied");
  assert.equal(await outcome(as(t, "ops").deletePersistentSubscriptionToStream(stream, "g")), "allowed");
});

test("access – a consumer is known by login", async (t) => {
  const stream = await streamWith(t);
  const ops = as(t, "ops");
  await ops.createPersistentSubscriptionToStream(
    stream,
    "g",
    persistentSubscriptionToStreamSettingsFromDefaults({ startFrom: START }),
  );
  const group = ops.subscribeToPersistentSubscriptionToStream(stream, "g");
  t.after(() => group.unsubscribe());
  await new Promise((resolve, reject) => group.on("data", resolve).on("error", reject));
  const info = await ops.getPersistentSubscriptionToStreamInfo(stream, "g");
  assert.deepEqual(
    info.connections.map(({ username }) => username),
    ["ops"],
  );
});

test("access – projections are managed by operators and looked at by users", async (t) => {
  const [ann, ops] = [as(t, "ann"), as(t, "ops")];
  const query = "fromAll().when({ $init: () => ({ n: 0 }) })";
  assert.equal(await outcome(ann.createProjection("p", query)), "denied");
  assert.equal(await outcome(ops.createProjection("p", query)), "allowed");
  assert.equal((await ann.getProjectionStatus("p")).name, "p");
  assert.ok((await ann.listProjections()).length > 0);
  for (const attempt of ["disableProjection", "enableProjection", "resetProjection", "abortProjection"] as const) {
    assert.equal(await outcome(ann[attempt]("p")), "denied", attempt);
  }
  assert.equal(await outcome(ann.updateProjection("p", query)), "denied");
  assert.equal(await outcome(ann.restartSubsystem()), "denied");
  assert.equal(await outcome(ops.disableProjection("p")), "allowed");
  assert.equal(await outcome(ann.deleteProjection("p")), "denied");
  assert.equal(await outcome(ops.deleteProjection("p")), "allowed");
});

test("access – denied is PERMISSION_DENIED with the server's words, bad credentials are UNAUTHENTICATED", async () => {
  const failure = async (authorization: string | undefined) =>
    (await callUsers(server, "disable", { loginName: "ann" }, authorization)).error!;
  for (const header of [undefined, basic("ann"), basic("ops")]) {
    const { code, details, metadata } = await failure(header);
    assert.deepEqual(
      [code, details, metadata.get("exception")],
      [status.PERMISSION_DENIED, "Access Denied", ["access-denied"]],
    );
  }
  for (const header of [basic("ann", "no"), basic("nobody"), "Basic", "Bearer abc", basic("", ""), "x".repeat(3000)]) {
    assert.equal((await failure(header)).code, status.UNAUTHENTICATED, header.slice(0, 20));
  }
});

test("access – a stream that is not there is told from one that is denied", async (t) => {
  await assert.rejects(all(as(t, "ann").readStream("nothing-here")), StreamNotFoundError);
  await assert.rejects(all(as(t, "ann").readStream("$nothing-here")), AccessDeniedError);
});

test("access – discovery and features are for everybody", async (t) => {
  const stream = await streamWith(t);
  const login = "admin:changeit@";
  const client = clientAs(
    t,
    { ...server, connectionString: server.connectionString.replace("esdb://", `esdb+discover://${login}`) },
    "",
  );
  assert.equal((await all(client.readStream(stream))).length, 1);
});
