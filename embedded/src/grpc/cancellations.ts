import type { Http2SecureServer, Http2Server } from "node:http2";

/** Calls that a client may cancel in one go, and in each second after that. */
const CANCELLATIONS = 10_000;

/**
 * Lets clients cancel many calls. Node closes a connection on which a thousand are canceled in half a minute, with all else that runs on
 * it, which a real server does not do: a program that leaves some hundred subscriptions, or whose reads end early, gets there. The
 * options of an HTTP/2 server cannot be given through gRPC and are kept under a symbol: where a later version keeps them elsewhere,
 * Node's own limit holds.
 */
export function allowCancellations(http2: Http2Server | Http2SecureServer): void {
  const key = Object.getOwnPropertySymbols(http2).find(({ description }) => description === "options");
  const options: unknown = key && Reflect.get(http2, key);
  if (typeof options !== "object" || options === null) return;
  Object.assign(options, {
    streamResetBurst: CANCELLATIONS,
    streamResetRate: CANCELLATIONS,
    maxSessionRejectedStreams: CANCELLATIONS,
  });
}
