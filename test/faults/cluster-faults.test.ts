import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import {
  DeadlineExceededError,
  EventStoreDBClient,
  jsonEvent,
  NotLeaderError,
  persistentSubscriptionToStreamSettingsFromDefaults,
  TimeoutError,
  UnavailableError,
  UnknownError,
} from "@eventstore/db-client";
import { until } from "../until.ts";
import { bench } from "./bench.ts";
import {
  appendAnswerLost,
  capabilitiesFail,
  connectionCut,
  deadlineExceeded,
  forwardingTimeout,
  gossip,
  neverConfirmed,
  noLeaderInfo,
  notLeader,
  operationTimedOut,
  projectionManagementSilent,
  requestCanceled,
  serverNotReady,
} from "./cluster-faults.ts";

const event = (n = 0) => jsonEvent({ type: "counted", data: { n } });
/** Calls with a login need to know no capabilities: each append is a call of its own. */
const LOGIN = { credentials: { username: "admin", password: "changeit" } };
const APPEND = "Append";

const TOLD = [
  [serverNotReady, UnavailableError, 14, "14 UNAVAILABLE: Server Is Not Ready"],
  [forwardingTimeout, TimeoutError, 10, "10 ABORTED: Forwarding timeout"],
  [requestCanceled, TimeoutError, 10, "10 ABORTED: Request canceled"],
  [operationTimedOut, TimeoutError, 10, "10 ABORTED: Operation timed out"],
  [deadlineExceeded, DeadlineExceededError, 4, "4 DEADLINE_EXCEEDED: Deadline Exceeded"],
  [noLeaderInfo, UnknownError, 2, "2 UNKNOWN: No leader info available in response"],
] as const;
for (const [rule, kind, code, message] of TOLD) {
  test(`${rule.name} – the client is told ${message}`, async () => {
    await using system = await bench();
    const { client, direct, proxy } = system;
    proxy.script(rule({ times: 1 }));
    await assert.rejects(
      client.appendToStream("numbers", event(), LOGIN),
      (error) => error instanceof kind && error.code === code && error.message === message,
    );
    // After an answer of 14 the client makes another connection.
    await until(() => client.appendToStream("numbers", event(), LOGIN).catch(() => undefined));
    const numbers = [];
    for await (const { event } of direct.readStream("numbers")) numbers.push(event?.revision);
    assert.deepEqual(numbers, [0n]);
  });
}

test("neverConfirmed – neither confirmation nor error; the next one is confirmed", async () => {
  await using system = await bench();
  const { client, proxy } = system;
  const settings = persistentSubscriptionToStreamSettingsFromDefaults();
  await client.createPersistentSubscriptionToStream("numbers", "group", settings);
  proxy.script(neverConfirmed({ times: 1 }));
  const heard: string[] = [];
  const first = client.subscribeToPersistentSubscriptionToStream("numbers", "group");
  first.on("confirmation", () => heard.push("confirmation")).on("error", () => heard.push("error"));
  await until(async () => (proxy.calls.at(-1)?.outcome === "silence" ? true : undefined));
  const second = client.subscribeToPersistentSubscriptionToStream("numbers", "group");
  await once(second, "confirmation");
  await client.appendToStream("numbers", event());
  assert.equal((await once(second, "data"))[0].event.revision, 0n);
  assert.deepEqual(heard, []);
});

test("projectionManagementSilent – nothing until the deadline, all else goes on", async () => {
  await using system = await bench("defaultDeadline=300");
  const { client, proxy } = system;
  using silent = proxy.script(projectionManagementSilent());
  await assert.rejects(client.getProjectionStatus("$by_category"), DeadlineExceededError);
  await assert.rejects(client.listProjections(), DeadlineExceededError);
  await client.appendToStream("numbers", event(), { deadline: 10_000 });
  silent[Symbol.dispose]();
  await until(() => client.getProjectionStatus("$by_category").catch(() => undefined));
});

test("connectionCut – the leader dies with the call in hand: 14, and what it did is done", async () => {
  await using system = await bench();
  const { client, direct, proxy } = system;
  proxy.script(connectionCut({ method: APPEND, times: 1 }));
  await assert.rejects(
    client.appendToStream("numbers", event(), LOGIN),
    (error) =>
      error instanceof UnavailableError && /^14 UNAVAILABLE: (read ECONNRESET|Connection dropped)$/.test(error.message),
  );
  for await (const { event } of direct.readStream("numbers")) assert.equal(event?.revision, 0n);
});

test("notLeader – the client reads the leader in the trailers and goes there", async () => {
  await using follower = await bench();
  await using leader = await bench();
  const { client, proxy } = follower;
  const { port } = leader.proxy;
  proxy.script(notLeader({ host: "127.0.0.1", port }, { method: APPEND }));
  await assert.rejects(
    client.appendToStream("numbers", event(), LOGIN),
    (error) =>
      error instanceof NotLeaderError &&
      error.code === 5 &&
      error.message === "5 NOT_FOUND: Leader info available" &&
      error.leader.address === "127.0.0.1" &&
      error.leader.port === port,
  );
  await client.appendToStream("numbers", event(), LOGIN);
  assert.deepEqual(
    leader.proxy.calls.map(({ method }) => method.split(".").at(-1)),
    ["Streams/Append"],
  );
});

test("gossip – while nobody leads discovery fails without a code; then the leader is found, whoever is asked", async () => {
  await using one = await bench();
  await using other = await bench();
  const ports = [one, other].map(({ proxy }) => proxy.port);
  const seeds = ports.map((port) => `127.0.0.1:${port}`).join(",");
  const parameters = "tls=false&maxDiscoverAttempts=3&discoveryInterval=20";
  const client = EventStoreDBClient.connectionString(`esdb://${seeds}?${parameters}`);
  const rules = [one, other].map(({ proxy }) =>
    proxy.script(gossip(ports.map((port) => ({ port, state: "unknown" as const })))),
  );
  await assert.rejects(
    client.appendToStream("numbers", event(), LOGIN),
    (error: Error) => error.message === "Failed to discover after 3 attempts." && !("code" in error),
  );
  for (const rule of rules) rule[Symbol.dispose]();
  for (const { proxy } of [one, other]) {
    proxy.script(
      gossip([
        { port: ports[0]!, state: "follower" },
        { port: ports[1]!, state: "leader" },
      ]),
    );
  }
  await client.appendToStream("numbers", event(), LOGIN);
  await client.dispose();
  assert.ok(other.proxy.calls.some(({ method }) => method.endsWith("/Append")));
  assert.ok(!one.proxy.calls.some(({ method }) => method.endsWith("/Append")));
});

test("capabilitiesFail – the client keeps the failure for ever, a new client does not know it", async () => {
  await using system = await bench();
  const { client, proxy } = system;
  proxy.script(capabilitiesFail());
  for (let attempt = 0; attempt < 3; attempt++) {
    await assert.rejects(client.appendToStream("numbers", event()), { message: "10 ABORTED: Operation timed out" });
  }
  assert.deepEqual(
    proxy.calls.map(({ method, outcome }) => `${outcome} ${method.split(".").at(-1)}`),
    ["answer ServerFeatures/GetSupportedMethods"],
  );
  const fresh = EventStoreDBClient.connectionString(proxy.connectionString);
  await fresh.appendToStream("numbers", event());
  await fresh.dispose();
});

test("appendAnswerLost – stored, told otherwise", async () => {
  await using system = await bench();
  const { client, direct, proxy } = system;
  proxy.script(appendAnswerLost({ times: 1 }));
  await assert.rejects(client.appendToStream("numbers", event(7)), { message: "10 ABORTED: Operation timed out" });
  for await (const { event } of direct.readStream("numbers")) assert.deepEqual(event?.data, { n: 7 });
});

test("a frozen leader – calls end by their deadline and nobody looks for another; keep-alive ends the connection", async () => {
  await using system = await bench("keepAliveInterval=300", "keepAliveTimeout=300");
  const { client, proxy } = system;
  const subscription = client.subscribeToAll();
  await once(subscription, "confirmation");
  const failed = once(subscription, "error");
  using _frozen = proxy.suspended();
  await assert.rejects(client.appendToStream("numbers", event(), { ...LOGIN, deadline: 100 }), DeadlineExceededError);
  const [error] = await failed;
  assert.ok(error instanceof UnavailableError);
  assert.equal(error.message, "14 UNAVAILABLE: Connection dropped");
});

test("the client's own error handling – a discovery that nobody awaits ends the process", async () => {
  const child = spawn(
    process.execPath,
    ["--conditions=sluice-source", join(import.meta.dirname, "unawaited-discovery.ts")],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  const [out, said, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "exit")]);
  assert.match(said, /Error: Failed to discover after 3 attempts\./);
  assert.match(out, /the caller was told/);
  assert.equal(code, 1);
});
