import { field, repeated } from "./field.ts";
import { empty, message } from "./message.ts";
import { bool, enumeration, int64, string, uint32 } from "./scalars.ts";
import { service, unary } from "./service.ts";
import { uuid } from "./uuid.ts";

const state = enumeration(
  "Initializing",
  "DiscoverLeader",
  "Unknown",
  "PreReplica",
  "CatchingUp",
  "Clone",
  "Follower",
  "PreLeader",
  "Leader",
  "Manager",
  "ShuttingDown",
  "Shutdown",
  "ReadOnlyLeaderless",
  "PreReadOnlyReplica",
  "ReadOnlyReplica",
  "ResigningLeader",
);

export const clusterInfo = message({
  members: repeated(
    1,
    message({
      instanceId: field(1, uuid),
      /** 100-nanosecond ticks since 1970. */
      timeStamp: field(2, int64),
      state: field(3, state),
      isAlive: field(4, bool),
      httpEndPoint: field(5, message({ address: field(1, string), port: field(2, uint32) })),
    }),
  ),
});

export const gossipService = service("event_store.client.gossip.Gossip", { read: unary("Read", empty, clusterInfo) });
