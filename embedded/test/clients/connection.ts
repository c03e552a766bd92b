import assert from "node:assert/strict";
import { createServer, type AddressInfo } from "node:net";
import { test, type TestContext } from "node:test";
import { gossipService } from "../../src/grpc/wire/gossip.ts";
import { monitoringService } from "../../src/grpc/wire/monitoring.ts";
import { operationsService } from "../../src/grpc/wire/operations.ts";
import { persistentSubscriptionsService } from "../../src/grpc/wire/persistent.ts";
import { projectionsService } from "../../src/grpc/wire/projections.ts";
import { serverFeaturesService } from "../../src/grpc/wire/server-features.ts";
import { streamsService } from "../../src/grpc/wire/streams.ts";
import { usersService } from "../../src/grpc/wire/users.ts";
import {
  all,
  atEnd,
  connected,
  counted,
  countedUpTo,
  numbersOf,
  type OfficialClient,
  startedServer,
} from "./official-client.ts";
import { relayTo } from "./relay.ts";
import { startEmbedded } from "../../src/index.ts";
import { until } from "../until.ts";

/** A port on which nobody listens. */
async function deadPort(): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  const server = createServer().listen({ host: "127.0.0.1", port: 0 }, () => {
    const { port } = server.address() as AddressInfo;
    server.close(() => resolve(port));
  });
  return promise;
}

const elapsed = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** The client warns where it is told to ping more often than every 10 s. */
const silenceWarnings = (t: TestContext) => void t.mock.method(console, "warn", () => {});

/** How the clients find a server and hold on to it. */
export function connectionTests(of: OfficialClient): void {
  const { NO_STREAM, persistentSubscriptionToStreamSettingsFromDefaults: settings } = of.library;

  for (const [how, address] of [
    ["by discovery", (port: number) => `esdb+discover://localhost:${port}?tls=false`],
    ["among several hosts", (port: number, dead: number) => `esdb://127.0.0.1:${dead},127.0.0.1:${port}?tls=false`],
    ["as a follower", (port: number) => `esdb+discover://127.0.0.1:${port}?tls=false&nodePreference=follower`],
    ["at random", (port: number) => `esdb+discover://127.0.0.1:${port}?tls=false&nodePreference=random`],
  ] as const) {
    test(`connection – found ${how}`, async (t) => {
      const { port } = await startedServer(t);
      const client = of.connect(t, address(port, await deadPort()));
      await client.appendToStream("s", counted(of, 1), { requiresLeader: true });
      assert.deepEqual(numbersOf(await all(client.readStream("s", { requiresLeader: true }))), [1]);
    });
  }

  test("connection – over TLS, with a login that may and one that is none", async (t) => {
    const { port, tlsCAFile } = await startedServer(t, { tls: true });
    const parameters = `tls=true&tlsCAFile=${encodeURIComponent(tlsCAFile ?? "")}`;
    const client = of.connect(t, `esdb://admin:changeit@127.0.0.1:${port}?${parameters}`);
    await client.appendToStream("s", counted(of, 1));
    const credentials = { username: "ops", password: "changeit" };
    await client.appendToStream("s", counted(of, 2), { credentials });
    assert.deepEqual(numbersOf(await all(client.readStream("s", { credentials }))), [1, 2]);
    assert.deepEqual(numbersOf(await all(client.readStream("s"))), [1, 2]);
    const stranger = of.connect(t, `esdb://admin:guess@127.0.0.1:${port}?${parameters}`);
    await assert.rejects(stranger.appendToStream("s", counted(of, 3)), { type: "access-denied" });
    await assert.rejects(all(stranger.readStream("s")), { type: "access-denied" });
  });

  test("connection – the server says what it can, and no call goes over HTTP 1", async (t) => {
    const { server, client } = await connected(t, of);
    const features = await (client as unknown as { capabilities: Promise<Capabilities> }).capabilities;
    assert.equal(features.serverVersion, "23.10.6");
    const served = [
      streamsService,
      persistentSubscriptionsService,
      projectionsService,
      gossipService,
      serverFeaturesService,
      usersService,
      operationsService,
      monitoringService,
    ].flatMap(({ name, methods }) => Object.values(methods).map((method) => `/${name}/${method.name}`));
    assert.deepEqual(
      served.filter((path) => !features.supports({ path })),
      [],
    );
    const relay = await relayTo(t, server.port);
    const through = of.connect(t, `esdb://127.0.0.1:${relay.port}?tls=false`);
    await through.createPersistentSubscriptionToStream("s", "g", settings());
    await through.getPersistentSubscriptionToStreamInfo("s", "g");
    await through.listPersistentSubscriptionsToStream("s");
    await through.listAllPersistentSubscriptions();
    await through.replayParkedMessagesToStream("s", "g");
    await through.restartPersistentSubscriptionSubsystem();
    await through.createProjection("p", `fromAll()`, { emitEnabled: true, trackEmittedStreams: true });
    // These are all that fall back to HTTP where the server does not list them (spec 1.4).
    assert.deepEqual(
      relay.beginnings.filter((text) => !text.startsWith("PRI * HTTP/2.0")),
      [],
    );
    assert.ok(relay.beginnings.length > 0);
  });

  test("connection – a call ends at its deadline, and a batch that comes too late is not written", async (t) => {
    const { server, client: direct } = await connected(t, of);
    const relay = await relayTo(t, server.port);
    const client = of.connect(t, `esdb://127.0.0.1:${relay.port}?tls=false&defaultDeadline=150`);
    await client.appendToStream("s", counted(of, 0), { deadline: 10_000 });
    relay.hold();
    const late = client.appendToStream("s", counted(of, 1), { expectedRevision: 0n });
    const refused = assert.rejects(late, { type: "deadline-exceeded" });
    await assert.rejects(client.deleteStream("other"), { type: "deadline-exceeded" });
    await assert.rejects(client.getProjectionStatus("$streams", { deadline: 50 }), { type: "deadline-exceeded" });
    await elapsed(160);
    relay.release();
    await refused;
    assert.deepEqual(numbersOf(await all(direct.readStream("s"))), [0]);
  });

  test("connection – the server answers the pings of a client that is idle", async (t) => {
    silenceWarnings(t);
    const { port } = await startedServer(t);
    const relay = await relayTo(t, port);
    const client = of.connect(t, `esdb://127.0.0.1:${relay.port}?tls=false&keepAliveInterval=20&keepAliveTimeout=2000`);
    const numbers: (number | undefined)[] = [];
    const errors: unknown[] = [];
    const subscription = client.subscribeToStream("s");
    subscription.on("data", (event) => numbers.push(...numbersOf([event])));
    subscription.on("error", (error) => errors.push(error));
    await until("many pings are answered", () => relay.count("server", "pong") >= 20);
    await client.appendToStream("s", counted(of, 7));
    await until("the subscription goes on", () => numbers.length === 1);
    assert.deepEqual([numbers, errors, relay.count("server", "goaway"), relay.beginnings.length], [[7], [], 0, 1]);
  });

  test("connection – a client that hears nothing gives up, and connects again", async (t) => {
    silenceWarnings(t);
    const { port } = await startedServer(t);
    const relay = await relayTo(t, port);
    const client = of.connect(t, `esdb://127.0.0.1:${relay.port}?tls=false&keepAliveInterval=50&keepAliveTimeout=1500`);
    const errors: string[] = [];
    const subscription = client.subscribeToStream("s");
    subscription.on("data", () => {});
    subscription.on("error", (error: Error) => errors.push((error as { type?: string }).type ?? error.message));
    await client.appendToStream("s", counted(of, 1));
    relay.hold();
    await until("it gives up", () => errors.length === 1);
    assert.deepEqual(errors, ["unavailable"]);
    relay.release();
    await until("it can append again", () =>
      client.appendToStream("s", counted(of, 2), { deadline: 500 }).then(
        () => true,
        () => false,
      ),
    );
  });

  test("connection – what a client cancels, the server hears of", async (t) => {
    const { server, client: direct } = await connected(t, of);
    await direct.appendToStream("s", countedUpTo(of, 500));
    const relay = await relayTo(t, server.port);
    const client = of.connect(t, `esdb://127.0.0.1:${relay.port}?tls=false`);
    const subscription = client.subscribeToStream("s");
    let events = 0;
    subscription.on("data", () => events++);
    await until("it delivers", () => events === 500);
    await subscription.unsubscribe();
    await until("the subscription is cancelled", () => relay.count("clients", "reset") === 1);
    // Read by half and left.
    for await (const { event } of client.readStream("s")) if (event?.revision === 3n) break;
    await client.appendToStream("s", countedUpTo(of, 1), { expectedRevision: 499n });
    assert.equal((await all(client.readStream("s"))).length, 501);
  });

  test("connection – a client goes on when the server is there again on the same port", async (t) => {
    const first = await startedServer(t);
    const client = of.connect(t, first.connectionString);
    await client.appendToStream("s", counted(of, 1), { expectedRevision: NO_STREAM });
    await all(client.readStream("s"));
    await first.stop();
    await assert.rejects(client.appendToStream("s", counted(of, 2)));
    const second = await startEmbedded({ memory: true, port: first.port });
    atEnd(t, () => second.stop());
    await until("it can append", () =>
      client.appendToStream("s", counted(of, 3), { expectedRevision: NO_STREAM }).then(
        () => true,
        () => false,
      ),
    );
    await until("it can read", () =>
      all(client.readStream("s")).then(
        (events) => numbersOf(events)[0] === 3,
        () => false,
      ),
    );
  });
}

interface Capabilities {
  readonly serverVersion: string;
  supports(method: { readonly path: string }): boolean;
}
