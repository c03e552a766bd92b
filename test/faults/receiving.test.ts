import assert from "node:assert/strict";
import { test } from "node:test";
import {
  command,
  component,
  type Endpoint,
  event,
  type EndpointEvent,
  startSender,
  startEndpoint,
  view,
} from "@sluice/transport";
import { until } from "../until.ts";
import { bench } from "./bench.ts";
import {
  appendAnswerLost,
  deadlineExceeded,
  forwardingTimeout,
  gossip,
  neverConfirmed,
  noLeaderInfo,
  notLeader,
  operationTimedOut,
} from "./cluster-faults.ts";
import type { FaultProxy } from "./fault-proxy.ts";

const Do = command("work.Do", { to: "work" })<{ n: number }>();
const Done = event("work.Done")<{ n: number }>();
const done = view(
  "done",
  () => new Set<number>(),
  (v) => v.on(Done, (rows, { n }) => void rows.add(n)),
);

/** A component that publishes what it has done, through the proxy. */
async function startWork(connectionString: string, seen: EndpointEvent[] = []): Promise<Endpoint> {
  const work = component("work", (c) => {
    c.handle(Do, (m, ctx) => ctx.publish(Done, m));
    c.view(done);
  });
  return startEndpoint([work], { connectionString, on: (event) => void seen.push(event) });
}

const connects = (proxy: FaultProxy): number =>
  proxy.calls.filter(({ method }) => method.endsWith("PersistentSubscriptions/Read")).length;

test("faults – a subscription that is never confirmed is asked for anew, the first time and after each drop", async () => {
  await using b = await bench();
  const first = b.proxy.script(neverConfirmed({ times: 1 }));
  const endpoint = await startWork(b.proxy.connectionString);
  first[Symbol.dispose]();
  assert.equal(connects(b.proxy), 2);
  b.proxy.script(neverConfirmed({ times: 2 }));
  b.proxy.cutConnections();
  const sender = await startSender("shop", { connectionString: b.server.connectionString });
  await sender.send(Do, { n: 1 });
  await endpoint.view(done).until((rows) => rows.has(1));
  assert.equal(connects(b.proxy), 5);
  await sender.stop();
  await endpoint.stop();
});

test("faults – a view whose subscription is never confirmed asks for it anew", async () => {
  await using b = await bench();
  const endpoint = await startWork(b.proxy.connectionString);
  const reads = (): number => b.proxy.calls.filter(({ method }) => method.endsWith("Streams/Read")).length;
  const before = reads();
  b.proxy.script({
    method: "Streams/Read",
    times: 1,
    when: (request) => request.includes("$ce-out"),
    fault: { kind: "silence" },
  });
  b.proxy.cutConnections();
  await until(async () => reads() > before || undefined);
  const sender = await startSender("shop", { connectionString: b.server.connectionString });
  await sender.send(Do, { n: 1 });
  await endpoint.view(done).until((rows) => rows.has(1));
  await sender.stop();
  await endpoint.stop();
});

test("faults – 75. what a cluster answers while its leader changes is no failure of a message: nothing is parked", async () => {
  await using b = await bench();
  const seen: EndpointEvent[] = [];
  const endpoint = await startWork(b.proxy.connectionString, seen);
  const appends = { method: /\.Streams\/Append$/, times: 12 };
  const sender = await startSender("shop", { connectionString: b.server.connectionString });
  const faults = [
    forwardingTimeout(appends),
    deadlineExceeded(appends),
    noLeaderInfo(appends),
    notLeader({ host: "127.0.0.1", port: b.proxy.port }, appends),
    operationTimedOut(appends),
    appendAnswerLost({ times: 3 }),
  ];
  for (const [n, fault] of faults.entries()) {
    b.proxy.script(fault);
    await sender.send(Do, { n });
  }
  await endpoint.view(done).until((rows) => rows.size === faults.length);
  const { parked, failures } = endpoint.counts("work");
  assert.deepEqual({ parked, failures }, { parked: 0, failures: 0 });
  await sender.stop();
  await endpoint.stop();
});

test("faults – while no leader is found the process lives, and goes on when there is one", async () => {
  await using b = await bench();
  const members = b.proxy.script(gossip([{ state: "leader", port: b.proxy.port }]));
  const seen: EndpointEvent[] = [];
  // Two seeds make the client discover. The second one is not there.
  const connectionString = `esdb://127.0.0.1:${b.proxy.port},127.0.0.1:1?tls=false&maxDiscoverAttempts=5`;
  const endpoint = await startWork(connectionString, seen);
  members[Symbol.dispose]();
  const election = b.proxy.script(gossip([{ state: "follower", port: b.proxy.port, isAlive: false }]));
  // One call fails, and while the client looks for a leader another one does: the client then waits for the same discovery twice,
  // once in a promise that nobody holds.
  const away = { code: 14, message: "Connection dropped" };
  const discoveries = (): number => b.proxy.calls.filter(({ method }) => method.endsWith("Gossip/Read")).length;
  const before = discoveries();
  b.proxy.endOpenCalls("PersistentSubscriptions/Read", away);
  await until(async () => discoveries() > before || undefined);
  b.proxy.endOpenCalls("Streams/Read", away);
  await until(async () => {
    const dropped = seen.filter(({ kind }) => kind === "dropped");
    return (
      dropped.some((one) => /Failed to discover/.test(String(((one as { error: unknown }).error as Error).cause))) ||
      undefined
    );
  });
  election[Symbol.dispose]();
  b.proxy.script(gossip([{ state: "leader", port: b.proxy.port }]));
  const sender = await startSender("shop", { connectionString: b.server.connectionString });
  await sender.send(Do, { n: 1 });
  await endpoint.view(done).until((rows) => rows.has(1));
  await sender.stop();
  await endpoint.stop();
});
