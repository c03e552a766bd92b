import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { clusterInfo } from "./gossip.ts";

// The client's own classes, which its types do not tell of.
const { ClusterInfo } = createRequire(import.meta.url)("@eventstore/db-client/generated/gossip_pb.js");

test("gossip – the client's own classes read what is told of the nodes", () => {
  const host = "a-name-that-is-long.".repeat(10);
  const { membersList } = ClusterInfo.deserializeBinary(
    clusterInfo([
      { state: "leader", port: 65_535 },
      { state: "resigningLeader", port: 1, host, isAlive: false },
    ]),
  ).toObject();
  assert.deepEqual(
    membersList.map(({ state, isAlive, httpEndPoint }: Record<string, unknown>) => ({ state, isAlive, httpEndPoint })),
    [
      { state: 8, isAlive: true, httpEndPoint: { address: "127.0.0.1", port: 65_535 } },
      { state: 15, isAlive: false, httpEndPoint: { address: host, port: 1 } },
    ],
  );
});
