import { setTimeout as sleep } from "node:timers/promises";
import { EventStoreDBClient } from "@eventstore/db-client";
import {
  appendAnswerLost,
  deadlineExceeded,
  forwardingTimeout,
  neverConfirmed,
  noLeaderInfo,
  operationTimedOut,
  requestCanceled,
  serverNotReady,
  type Where,
} from "../faults/cluster-faults.ts";
import type { FaultRule } from "../faults/fault.ts";
import { seeded } from "../seeded.ts";
import { startChild } from "./child.ts";
import { ChaosCluster } from "./cluster.ts";
import { Instances } from "./instances.ts";
import { Log } from "./log.ts";
import { describeFault, type Fault, planOf } from "./plan.ts";
import { describe, type Finding, findingsIn, trailOf } from "./settled.ts";
import { COMPONENTS, MESSAGE_TIMEOUT } from "./system.ts";
import { Traffic } from "./traffic.ts";

const ANSWERS: readonly ((where: Where) => FaultRule)[] = [
  forwardingTimeout,
  requestCanceled,
  operationTimedOut,
  deadlineExceeded,
  noLeaderInfo,
  serverNotReady,
];
const APPENDS = /\.Streams\/(Batch)?Append$/;
/** Milliseconds in which nothing at all is stored, after which nothing more is waited for. */
const STANDSTILL = 60_000;
/** Milliseconds between two looks whether all is done, or as many times what a look took. */
const BETWEEN_LOOKS = 200;
const LOOKS_SHARE = 10;
const TRAILS = 5;

export interface ChaosSettings {
  readonly seed: number;
  readonly orders: number;
  readonly rounds: number;
  readonly faultsInRound: number;
  readonly instances: number;
}

/** What a run came to. */
export interface ChaosReport {
  /** Nothing where every promise was kept. */
  readonly complaints: readonly string[];
  /** What went wrong when, in the order in which it did, and what was handled again later because of it. */
  readonly faults: readonly string[];
  readonly entries: number;
}

/** Sends orders through a system in which much goes wrong, lets it come to rest, and holds what is stored against what was sent. */
export async function chaos(settings: ChaosSettings): Promise<ChaosReport> {
  const begun = performance.now();
  const faults: string[] = [];
  const tell = (what: string): void =>
    void faults.push(`${((performance.now() - begun) / 1_000).toFixed(1)} s: ${what}`);
  await using cluster = await ChaosCluster.start();
  const { connectionString } = cluster;
  await using instances = new Instances(settings.instances, connectionString, { extras: 0, isOld: false });
  await instances.ready();
  await using traffic = await Traffic.start(connectionString, seeded(settings.seed + 1));
  tell("all run");

  const apply = (fault: Fault): Promise<void> => act(fault, { cluster, instances, traffic });
  const plan = planOf({
    ...settings,
    nodes: cluster.nodes,
    answers: ANSWERS.length,
    freezeFor: MESSAGE_TIMEOUT + 1_000,
  });
  for (const round of plan) {
    const happening = round.faults.map(async ({ at, fault }) => {
      await sleep(at);
      tell(describeFault(fault));
      await apply(fault);
      tell(`${fault.kind}: over`);
    });
    await Promise.all([traffic.send(round.orders), ...happening]);
  }
  await instances.ready();
  tell("no more faults");

  const client = EventStoreDBClient.connectionString(cluster.directConnectionString);
  try {
    const log = new Log(client);
    const wrong = await rest(log, client, traffic);
    tell("at rest");
    for (const entry of log.entries) {
      if (entry.kind !== "stored" || entry.retriedAfter === undefined) continue;
      faults.push(`again later: ${describe(entry)} in ${entry.stream}, after ${entry.retriedAfter}`);
    }
    const complaints = [
      ...traffic.failures,
      ...instances.ended,
      ...wrong.map(({ promise, what }) => `${promise}: ${what}`),
    ];
    const concerned = [...new Set(wrong.map(({ correlationId }) => correlationId))].slice(0, TRAILS);
    const trails = concerned.flatMap((id) => [`What happened to ${id}:`, ...trailOf(id, log.entries)]);
    return { complaints: [...complaints, ...trails], faults, entries: log.entries.length };
  } finally {
    await client.dispose();
  }
}

/** Waits until every promise is kept and the queues are empty, or nothing moves any more; answers what is not as it should be. */
async function rest(log: Log, client: EventStoreDBClient, traffic: Traffic): Promise<readonly Finding[]> {
  const look = (): readonly Finding[] => findingsIn(log.entries, traffic.sent);
  const acknowledged = (): number => traffic.sent.filter(({ isAcknowledged }) => isAcknowledged).length;
  for (let moved = performance.now(), known = -1, isLost = true; ;) {
    const begun = performance.now();
    if ((await log.read()) > 0 || acknowledged() > known) {
      moved = performance.now();
      known = acknowledged();
      isLost = look().some(({ promise }) => promise === "nothing lost");
    }
    const queued = await notEmpty(client);
    if (!isLost && queued.length === 0) break;
    if (performance.now() - moved > STANDSTILL) {
      const stuck = queued.map((what): Finding => ({ promise: "nothing lost", what, correlationId: "" }));
      return [...stuck, ...look()];
    }
    // The proxies run in this process: whoever looked all the time would keep everybody from everything.
    await sleep(Math.max(BETWEEN_LOOKS, LOOKS_SHARE * (performance.now() - begun)));
  }
  await traffic.answered();
  await log.read();
  return look();
}

/** The queues in which something waits or is being handled. */
async function notEmpty(client: EventStoreDBClient): Promise<readonly string[]> {
  const queues = await Promise.all(
    COMPONENTS.map(async (name) => {
      const { stats } = await client.getPersistentSubscriptionToStreamInfo(`$ce-in.${name}`, name);
      const { totalInFlightMessages: inFlight, readBufferCount, retryBufferCount } = stats;
      const waiting = readBufferCount + retryBufferCount;
      return waiting + inFlight > 0 ? [`${waiting} wait and ${inFlight} are handled in the queue of ${name}`] : [];
    }),
  );
  return queues.flat();
}

async function act(
  fault: Fault,
  { cluster, instances, traffic }: { cluster: ChaosCluster; instances: Instances; traffic: Traffic },
): Promise<void> {
  const { connectionString } = cluster;
  switch (fault.kind) {
    case "instance killed":
      return instances.kill(fault.instance);
    case "instance frozen":
      return instances.freeze(fault.instance, fault.for);
    case "clock jumped":
      return instances.jumpClock(fault.instance, fault.by);
    case "server killed":
      return cluster.killServer(fault.awayFor);
    case "connections cut":
      return cluster.cutConnections();
    case "leader changed":
      return cluster.changeLeader(fault.to, fault.noneFor);
    case "leader killed":
      return cluster.killLeader(fault.to, fault.awayFor);
    case "leader frozen":
      return cluster.freezeLeader(fault.for);
    case "appends aborted":
      return scripted(cluster, ANSWERS[fault.answer]!({ method: APPENDS, times: fault.times }));
    case "append answers lost":
      return scripted(cluster, appendAnswerLost({ times: fault.times }));
    case "subscriptions never confirmed": {
      const unconfirmed = scripted(cluster, neverConfirmed({ times: fault.times }));
      cluster.cutConnections();
      return unconfirmed;
    }
    case "sent again":
      return traffic.sendAgain(fault.since, fault.by, fault.count);
    case "deployment interrupted": {
      instances.version = { ...instances.version, extras: instances.version.extras + 1 };
      const deployment = startChild("deploy-process.ts", connectionString, JSON.stringify(instances.version));
      await Promise.race([deployment.ready.then(() => sleep(fault.after)), deployment.ended]);
      await deployment.kill();
      // Whoever starts next completes it.
      return instances.kill(0);
    }
    case "older version started": {
      const version = JSON.stringify({ ...instances.version, isOld: true });
      const older = startChild("instance-process.ts", connectionString, version);
      await Promise.race([older.ready.then(() => sleep(fault.for)), older.ended]);
      return older.kill();
    }
  }
}

/** What of it has not met a call by then meets none. */
async function scripted(cluster: ChaosCluster, rule: FaultRule): Promise<void> {
  using _rule = cluster.script(rule);
  await sleep(1_000);
}
