import { notLeader, noLeaderInfo, projectionManagementSilent, serverNotReady, gossip } from "./cluster-faults.ts";
import { type FaultProxy, startFaultProxy } from "./fault-proxy.ts";
import type { FaultRule } from "./fault.ts";

const GROUPS = /\.PersistentSubscriptions\//;
const STREAMS = /\.Streams\//;
const asksForLeader: NonNullable<FaultRule["when"]> = (_, headers) => headers["requires-leader"] === "true";

/**
 * Several proxies before one server, which play the nodes of a cluster: they have all events, and only one leads.
 * Appends and reads pass on every node, as followers forward the ones and answer the others, except those that ask for the leader.
 */
export interface FaultCluster extends AsyncDisposable {
  readonly nodes: readonly FaultProxy[];
  /** With all nodes as seeds. */
  readonly connectionString: string;
  /**
   * From now on this node leads, or none: gossip says so, the others know nothing of groups and projections, and what is
   * subscribed to groups on them ends. Rules that a test adds come behind these.
   */
  elect(leader: number | undefined): void;
}

/** Begins with the first node as the leader. */
export async function startFaultCluster(options: {
  /** The port of the server on this machine. */
  readonly target: number;
  /** Default 3. */
  readonly size?: number;
}): Promise<FaultCluster> {
  const nodes: FaultProxy[] = [];
  for (let n = 0; n < (options.size ?? 3); n++) nodes.push(await startFaultProxy({ target: options.target }));
  const hosts = nodes.map(({ port }) => `127.0.0.1:${port}`).join(",");
  let rules: Disposable[] = [];
  const cluster: FaultCluster = {
    nodes,
    connectionString: `esdb://${hosts}?tls=false`,
    elect(leader) {
      for (const rule of rules) rule[Symbol.dispose]();
      rules = nodes.flatMap((node, at) => rulesOf(at, leader, nodes).map((rule) => node.script(rule)));
      for (const [at, node] of nodes.entries()) {
        if (at !== leader) node.endOpenCalls(GROUPS, { code: 14, message: "Server Is Not Ready" });
      }
    },
    async [Symbol.asyncDispose]() {
      for (const node of nodes) await node[Symbol.asyncDispose]();
    },
  };
  cluster.elect(0);
  return cluster;
}

function rulesOf(at: number, leader: number | undefined, nodes: readonly FaultProxy[]): readonly FaultRule[] {
  const members = nodes.map(({ port }, node) => ({ port, state: stateOf(node, leader) }));
  if (at === leader) return [gossip(members)];
  const leading = leader === undefined ? undefined : nodes[leader];
  const others = [gossip(members), projectionManagementSilent()];
  if (leading !== undefined)
    return [
      ...others,
      ...[{ method: GROUPS }, { method: STREAMS, when: asksForLeader }].map((where) =>
        notLeader({ host: "127.0.0.1", port: leading.port }, where),
      ),
    ];
  return [
    ...others,
    serverNotReady({ method: GROUPS }),
    noLeaderInfo({ method: /\.Streams\/(Batch)?Append$/ }),
    noLeaderInfo({ method: STREAMS, when: asksForLeader }),
  ];
}

function stateOf(node: number, leader: number | undefined): "leader" | "follower" | "unknown" {
  if (leader === undefined) return "unknown";
  return node === leader ? "leader" : "follower";
}
