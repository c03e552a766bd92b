import { EventStoreDBClient } from "@eventstore/db-client";
import { BadConnectionString } from "./bad-connection-string.ts";
import { StreamsClient } from "./generated.ts";

/** The official client, with what it lacks on a cluster whose leader changes (cluster.md). */
export interface OpenClient {
  readonly client: EventStoreDBClient;
  /**
   * Makes it look for the leader anew, and ask the node last that it is connected to: a deadline that has passed does not do so
   * (cluster.md). What runs on that node is not ended.
   */
  lookAnew(): Promise<void>;
  /** Lets go of its connection. What still runs on it is not ended. */
  close(): Promise<void>;
}

/** As gRPC counts: the failure after which the client looks for another node. */
const UNAVAILABLE = 14;
/** Seconds for which one node is asked who leads: a frozen one may be asked first, and the client waits five. */
const GOSSIP_TIMEOUT = "gossipTimeout=1";

/** @throws BadConnectionString. Nothing is connected yet: the first call does that. */
export function openClient(connectionString: string): OpenClient {
  // Types cannot keep out what comes of an environment, as a variable that nobody has set.
  if (typeof connectionString !== "string") throw new BadConnectionString(`It is ${String(connectionString)}.`);
  requireLeader(connectionString);
  let client: EventStoreDBClient;
  try {
    client = EventStoreDBClient.connectionString(withGossipTimeout(connectionString));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BadConnectionString(withoutCredentials(reason, connectionString));
  }
  catchReconnecting(client);
  const closeChannel = closesChannel(client);
  return {
    client,
    async lookAnew() {
      const stub = await client["getGRPCClient"](StreamsClient, "looking anew");
      await client["handleError"](
        stub,
        Object.assign(new Error("It is silent, or leads no more."), { code: UNAVAILABLE }),
      );
    },
    async close() {
      closeChannel();
      await client.dispose();
    },
  };
}

/** Queues and projections are with the leader alone. */
function requireLeader(connectionString: string): void {
  for (const { key, value } of parametersOf(connectionString)) {
    if (key === "nodepreference" && value.toLowerCase() !== "leader") {
      throw new BadConnectionString(
        `nodePreference=${value} leads to nodes that have no queues and no projections; those are with the leader alone. Leave it out.`,
      );
    }
  }
}

/** Several hosts, or one name for all of them, make the client ask who leads. */
function withGossipTimeout(connectionString: string): string {
  const isCluster = /^\s*esdb(\+discover:|:\/\/[^/?]*,)/.test(connectionString);
  if (!isCluster || parametersOf(connectionString).some(({ key }) => key === "gossiptimeout")) return connectionString;
  const [hosts = "", parameters] = connectionString.trim().split("?", 2);
  return `${hosts.replace(/\/+$/, "")}?${parameters === undefined ? "" : `${parameters}&`}${GOSSIP_TIMEOUT}`;
}

/** As the client reads them: the case of a name does not matter, nor do dashes in it. */
function parametersOf(connectionString: string): readonly { readonly key: string; readonly value: string }[] {
  const [, parameters = ""] = connectionString.split("?", 2);
  return parameters.split("&").map((parameter) => {
    const [key = "", value = ""] = parameter.split("=", 2);
    return { key: key.trim().toLowerCase().replace(/[_-]/g, ""), value: value.trim() };
  });
}

/**
 * After a failed call the client looks for the server anew and awaits a discovery in a promise that nobody holds: while no leader
 * stands its rejection would end the process (cluster.md). The next call discovers again, and tells its own caller.
 */
function catchReconnecting(client: EventStoreDBClient): void {
  const handleError = client["handleError"];
  client["handleError"] = async (...failure) => {
    try {
      await handleError(...failure);
    } catch {
      // Told to the caller of whichever call comes next.
    }
  };
}

/**
 * Gives a channel a connection of its own. By themselves all channels of a process to one address share one: however many are made,
 * they have the room of one, and where that connection was taken and is never answered, which gRPC waits for without a limit, a new
 * channel waits for it, too.
 */
function separate(channel: object): void {
  const internal = Object(Reflect.get(channel, "internalChannel"));
  const { constructor: Pool }: { readonly constructor: unknown } = Object(Reflect.get(internal, "subchannelPool"));
  // Nothing is connected yet.
  if (typeof Pool === "function") Reflect.set(internal, "subchannelPool", Reflect.construct(Pool, []));
}

/** The client never closes the connection it has; answers what closes it, and one that it is still making. */
function closesChannel(client: EventStoreDBClient): () => void {
  const createChannel = client["createChannel"];
  let latest: Awaited<ReturnType<typeof createChannel>> | undefined;
  let isClosed = false;
  client["createChannel"] = async () => {
    // The one before was closed by the client.
    latest = await createChannel();
    separate(latest);
    if (isClosed) latest.close();
    return latest;
  };
  return () => {
    isClosed = true;
    latest?.close();
  };
}

/** The client quotes a part of the string that it does not understand. */
const withoutCredentials = (text: string, connectionString: string): string => {
  const credentials = /:\/\/([^@]*)@/.exec(connectionString)?.[1] ?? "";
  return credentials
    .split(":")
    .reduce((masked, secret) => (secret === "" ? masked : masked.replaceAll(secret, "…")), text);
};
