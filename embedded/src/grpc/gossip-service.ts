import { randomUUID } from "node:crypto";
import { addressOf, type HostAndPort } from "../security/hosts.ts";
import { unaryCall } from "./calls.ts";
import type { gossipService } from "./wire/gossip.ts";
import type { Handlers } from "./wire/service.ts";

/**
 * The Gossip service of a single node: itself, alive and leading. The address is the one that the asking
 * client used, which it can evidently reach; `fallback` only where it did not say (spec 1.3).
 */
export function gossipHandlers(fallback: () => HostAndPort): Handlers<typeof gossipService> {
  const instanceId = randomUUID();
  return {
    read: unaryCall((_request, call) => {
      const { host, port } = addressOf(call.getHost()) ?? fallback();
      return {
        members: [
          {
            instanceId,
            timeStamp: BigInt(Date.now()) * 10_000n,
            state: "Leader",
            isAlive: true,
            httpEndPoint: { address: host, port },
          },
        ],
      };
    }),
  };
}
