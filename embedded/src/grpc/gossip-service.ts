import { randomUUID } from "node:crypto";
import { unaryCall } from "./calls.ts";
import type { gossipService } from "./wire/gossip.ts";
import type { Handlers } from "./wire/service.ts";

/** Where clients reach this server, as they should be told. */
export interface Advertised {
  readonly host: string;
  readonly port: number;
}

/**
 * The Gossip service of a single node: itself, alive and leading. The address is the one that the asking
 * client used, which it can evidently reach; `fallback` only where it did not say (spec 1.3).
 */
export function gossipHandlers(fallback: () => Advertised): Handlers<typeof gossipService> {
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

/** Host and port from what stands in `:authority`, such as `localhost:2113` or `[::1]:2113`. */
function addressOf(authority: string): Advertised | undefined {
  const parts = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(authority);
  const host = parts?.[1] ?? parts?.[2];
  return host === undefined ? undefined : { host, port: Number(parts?.[3]) };
}
