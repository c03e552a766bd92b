/** What a cluster does to its clients while its leader changes, line by line, and what follows from it here. */
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { startEmbedded } from "@sluice/embedded";
import {
  BadConnectionString,
  deploy,
  type EndpointEvent,
  startSender,
  ServerUnreachable,
  startEndpoint,
} from "@sluice/transport";
import { until } from "../until.ts";
import { type Bench, bench } from "./bench.ts";
import {
  appendAnswerLost,
  capabilitiesFail,
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
import { type FaultCluster, startFaultCluster } from "./fault-cluster.ts";
import type { FaultProxy } from "./fault-proxy.ts";
import { Do, done, getDone, startWork } from "./work.ts";

/** So that nothing but the transport itself notices a frozen node. */
const NO_KEEP_ALIVE = "keepAliveInterval=3600000";

interface Line {
  /** What happens, in the words of the list of what was seen. */
  readonly what: string;
  /** What follows from it. */
  readonly follows: string;
  readonly play: (t: TestContext) => Promise<void>;
}

const LINES: readonly Line[] = [
  {
    what: "a leader that still loads its groups drops the connect of a subscription, unanswered",
    follows: "it is asked for anew, the first time and after each drop",
    async play() {
      await using b = await bench();
      const first = b.proxy.script(neverConfirmed({ times: 1 }));
      const endpoint = await startWork(b.proxy.connectionString);
      first[Symbol.dispose]();
      assert.equal(connects(b.proxy), 2);
      b.proxy.script(neverConfirmed({ times: 2 }));
      b.proxy.cutConnections();
      await getDone(endpoint, b.server.connectionString, 1);
      assert.equal(connects(b.proxy), 5);
      await endpoint.stop();
    },
  },
  {
    what: "the same for the subscription of a view",
    follows: "the view asks for it anew",
    async play() {
      await using b = await bench();
      const endpoint = await startWork(b.proxy.connectionString);
      const silent = b.proxy.script({
        method: "Streams/Read",
        times: 1,
        when: (request) => request.includes("$ce-out"),
        fault: { kind: "silence" },
      });
      const silences = (): number => b.proxy.calls.filter(({ outcome }) => outcome === "silence").length;
      b.proxy.cutConnections();
      await until(async () => silences() > 0 || undefined);
      silent[Symbol.dispose]();
      await getDone(endpoint, b.server.connectionString, 1);
      await endpoint.stop();
    },
  },
  {
    what: "followers, and a leader whose projections still start, never answer projection management",
    follows: "it is asked again, and never told that projections do not run",
    async play() {
      await using b = await bench();
      b.proxy.script(projectionManagementSilent({ times: 1 }));
      const endpoint = await startWork(b.proxy.connectionString);
      b.proxy.script(projectionManagementSilent());
      await assert.rejects(
        startSender("shop", { connectionString: b.proxy.connectionString, startWithin: 1_000 }),
        ServerUnreachable,
      );
      await endpoint.stop();
    },
  },
  {
    what: "20. 76. the leader is killed",
    follows: "a new one is found, and nothing is lost or done twice",
    async play() {
      await using c = await cluster();
      const endpoint = await startWork(c.connectionString);
      const sender = await startSender("shop", { connectionString: c.connectionString });
      await sender.send(Do, { n: 0 });
      await c.nodes[0]!.goAway();
      c.elect(undefined);
      const sent = sendAnyhow(sender, [1, 2, 3]);
      c.elect(1);
      await sent;
      await endpoint.view(done).until((times) => times.size === 4);
      assert.deepEqual([...endpoint.view(done).state.values()], [1, 1, 1, 1]);
      assert.ok(connects(c.nodes[1]!) > 0);
      await sender.stop();
      await endpoint.stop();
    },
  },
  {
    what: "75. ABORTED, DEADLINE_EXCEEDED, NOT_FOUND with the leader, UNKNOWN without one",
    follows: "no failure of a message: nothing is parked",
    async play() {
      await using b = await bench();
      const endpoint = await startWork(b.proxy.connectionString);
      const appends = { method: /\.Streams\/(Batch)?Append$/, times: 4 };
      const faults = [
        forwardingTimeout(appends),
        requestCanceled(appends),
        deadlineExceeded(appends),
        noLeaderInfo(appends),
        notLeader({ host: "127.0.0.1", port: b.proxy.port }, appends),
        operationTimedOut(appends),
        serverNotReady(appends),
        appendAnswerLost({ times: 1 }),
      ];
      for (const [n, fault] of faults.entries()) {
        b.proxy.script(fault);
        await getDone(endpoint, b.server.connectionString, n);
      }
      assert.equal(b.proxy.calls.filter(({ outcome }) => outcome.startsWith("answer")).length, 29);
      assert.deepEqual(
        [...endpoint.view(done).state.values()],
        Array.from(faults, () => 1),
      );
      const { parked, failures } = endpoint.counts("work");
      assert.deepEqual({ parked, failures }, { parked: 0, failures: 0 });
      await endpoint.stop();
    },
  },
  {
    what: "no leader for a while, and a discovery in the client that nobody awaits fails",
    follows: "the process lives, and goes on when there is one",
    async play() {
      await using b = await bench();
      const members = b.proxy.script(gossip([{ state: "leader", port: b.proxy.port }]));
      const seen: EndpointEvent[] = [];
      // Two seeds make the client discover. The second one is not there.
      const connectionString = `esdb://127.0.0.1:${b.proxy.port},127.0.0.1:1?tls=false&maxDiscoverAttempts=5`;
      const endpoint = await startWork(connectionString, seen);
      members[Symbol.dispose]();
      const election = b.proxy.script(gossip([{ state: "follower", port: b.proxy.port, isAlive: false }]));
      // One call fails, and while the client looks for a leader another one does: the client then waits for the same discovery
      // twice, once in a promise that nobody holds.
      const away = { code: 14, message: "Connection dropped" };
      const discoveries = (): number => b.proxy.calls.filter(({ method }) => method.endsWith("Gossip/Read")).length;
      const before = discoveries();
      b.proxy.endOpenCalls("PersistentSubscriptions/Read", away);
      await until(async () => discoveries() > before || undefined);
      b.proxy.endOpenCalls("Streams/Read", away);
      await until(async () => (seen.some(hasFailedToDiscover) ? true : undefined));
      election[Symbol.dispose]();
      b.proxy.script(gossip([{ state: "leader", port: b.proxy.port }]));
      await getDone(endpoint, b.server.connectionString, 1);
      await endpoint.stop();
    },
  },
  {
    what: "the client keeps a failed capabilities call for ever",
    follows: "nothing here asks for them",
    async play() {
      await using b = await bench();
      b.proxy.script(capabilitiesFail({ times: 1_000 }));
      const endpoint = await startWork(b.proxy.connectionString);
      const sender = await startSender("shop", { connectionString: b.proxy.connectionString });
      await sender.send(Do, { n: 1 });
      await endpoint.view(done).until((times) => times.has(1));
      await sender.stop();
      await endpoint.stop();
      assert.equal(b.proxy.calls.filter(({ method }) => method.includes("ServerFeatures")).length, 0);
    },
  },
  {
    what: "76. the leader is frozen, and wakes deposed",
    follows: "that is noticed within seconds, the new leader is found, and nothing is lost or done twice",
    async play(t) {
      await using c = await cluster();
      const warned = t.mock.method(console, "warn");
      const connectionString = `${c.connectionString}&${NO_KEEP_ALIVE}`;
      const endpoint = await startWork(connectionString);
      const sender = await startSender("shop", { connectionString });
      await sender.send(Do, { n: 0 });
      await endpoint.view(done).until((times) => times.has(0));
      const frozen = c.nodes[0]!.suspended();
      c.elect(1);
      const begun = performance.now();
      await Promise.all([sendAnyhow(sender, [1, 2, 3]), endpoint.view(done).until((times) => times.size === 4)]);
      t.diagnostic(`on the new leader after ${Math.round(performance.now() - begun)} ms`);
      assert.ok(connects(c.nodes[1]!) > 0);
      frozen[Symbol.dispose]();
      await sendAnyhow(sender, [4]);
      await endpoint.view(done).until((times) => times.size === 5);
      assert.deepEqual([...endpoint.view(done).state.values()], [1, 1, 1, 1, 1]);
      assert.equal(warned.mock.callCount(), 0, "the client has nothing to say of short keep-alives");
      await sender.stop();
      await endpoint.stop();
    },
  },
  {
    what: "a server without a cluster is frozen, and wakes",
    follows: "it goes on by itself",
    async play() {
      await using b = await bench();
      const seen: EndpointEvent[] = [];
      const endpoint = await startWork(`${b.proxy.connectionString}&${NO_KEEP_ALIVE}`, seen);
      const frozen = b.proxy.suspended();
      await until(async () => (seen.some(({ kind }) => kind === "dropped") ? true : undefined));
      frozen[Symbol.dispose]();
      await getDone(endpoint, b.server.connectionString, 1);
      await endpoint.stop();
    },
  },
  {
    what: "an idle server says nothing for longer than that",
    follows: "it is asked, it answers, and no connection is made anew",
    async play() {
      await using b = await bench();
      const seen: EndpointEvent[] = [];
      const endpoint = await startWork(b.proxy.connectionString, seen);
      const asked = (): number => b.proxy.calls.filter(({ method }) => method.endsWith("Streams/Read")).length;
      const before = asked();
      await until(async () => asked() >= before + 2 || undefined);
      assert.deepEqual(
        seen.map(({ kind }) => kind),
        ["connected"],
      );
      await endpoint.stop();
    },
  },
  {
    what: "a node that leads no more forwards what it gets, or answers from what it has",
    follows: "calls ask for the leader, and go there",
    async play() {
      await using c = await cluster();
      const endpoint = await startWork(c.connectionString);
      const before = c.nodes.map(({ calls }) => calls.length);
      c.elect(2);
      await getDone(endpoint, c.connectionString, 1);
      const appended = c.nodes.map(({ calls }, node) =>
        calls.slice(before[node]).some(({ method, outcome }) => method.endsWith("Append") && outcome === "forwarded"),
      );
      assert.deepEqual(appended, [false, false, true]);
      await endpoint.stop();
    },
  },
  {
    what: "the answer to an append is lost, and it is repeated",
    follows: "it is looked for first, and found: there is no second append",
    async play() {
      await using b = await bench();
      const endpoint = await startWork(b.proxy.connectionString);
      let appends = 0;
      const isOutgoing = (request: Buffer): boolean => request.includes("intermediate.work");
      const count = (request: Buffer): boolean => {
        if (isOutgoing(request)) appends += 1;
        return false;
      };
      b.proxy.script({ method: /Append$/, when: count, fault: { kind: "delay", milliseconds: 0 } });
      b.proxy.script(appendAnswerLost({ times: 1, when: isOutgoing }));
      await getDone(endpoint, b.server.connectionString, 1);
      assert.equal(appends, 1);
      assert.equal(endpoint.view(done).state.get(1), 1);
      await endpoint.stop();
    },
  },
  {
    what: "nodePreference=follower, random, readOnlyReplica",
    follows: "refused with a sentence",
    async play() {
      for (const [preference, key] of [
        ["follower", "nodePreference"],
        ["random", "node-preference"],
        ["readOnlyReplica", "NODEPREFERENCE"],
      ] as const) {
        const connectionString = `esdb://user:secret@a:1,b:2?tls=false&${key}=${preference}`;
        for (const attempt of [
          () => startSender("shop", { connectionString }),
          () => deploy([], { connectionString }),
          () => startEndpoint([], { connectionString }),
        ]) {
          await assert.rejects(
            attempt,
            (error) =>
              error instanceof BadConnectionString &&
              error.message.includes(`nodePreference=${preference} leads to nodes`) &&
              !error.message.includes("secret"),
          );
        }
      }
    },
  },
  {
    what: "a follower is the only host",
    follows: "the leader that it names is taken",
    async play() {
      await using c = await cluster();
      const endpoint = await startWork(c.nodes[2]!.connectionString);
      await getDone(endpoint, c.nodes[1]!.connectionString, 1);
      assert.equal(connects(c.nodes[2]!), 0);
      assert.ok(connects(c.nodes[0]!) > 0);
      await endpoint.stop();
    },
  },
  {
    what: "esdb+discover:// with one name, nodePreference=leader",
    follows: "as a cluster with one seed: it is asked who leads",
    async play() {
      await using c = await cluster();
      const connectionString = `esdb+discover://127.0.0.1:${c.nodes[1]!.port}/?nodePreference=leader&tls=false`;
      const endpoint = await startWork(connectionString);
      await getDone(endpoint, connectionString, 1);
      assert.ok(connects(c.nodes[0]!) > 0);
      await endpoint.stop();
    },
  },
];

for (const { what, follows, play } of LINES) test(`leader changes – ${what}: ${follows}`, play);

interface Cluster extends FaultCluster {
  readonly server: Bench["server"];
}

async function cluster(): Promise<Cluster> {
  const server = await startEmbedded({ memory: true, port: 0 });
  const nodes = await startFaultCluster({ target: server.port });
  return {
    ...nodes,
    server,
    async [Symbol.asyncDispose]() {
      await nodes[Symbol.asyncDispose]();
      await server.stop();
    },
  };
}

const connects = (proxy: FaultProxy): number =>
  proxy.calls.filter(({ method }) => method.endsWith("PersistentSubscriptions/Read")).length;

const hasFailedToDiscover = (event: EndpointEvent): boolean =>
  event.kind === "dropped" && event.error instanceof Error && /Failed to discover/.test(String(event.error.cause));

/** Sends each until it is stored, under an id of its own that stays the same. */
async function sendAnyhow(sender: Awaited<ReturnType<typeof startSender>>, numbers: readonly number[]): Promise<void> {
  for (const n of numbers) {
    const id = `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
    await until(() =>
      sender.send(Do, { n }, { id }).catch((error: unknown) => {
        assert.ok(error instanceof ServerUnreachable, String(error));
        return undefined;
      }),
    );
  }
}
