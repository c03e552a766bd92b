import { connect, type IncomingHttpHeaders } from "node:http2";

/** The date that a server sends is of whole seconds: on average half of one has gone. */
const HALF_A_SECOND = 500;
const PATH = "/event_store.client.server_features.ServerFeatures/GetSupportedMethods";
/** A call of gRPC with an empty message. */
const EMPTY_CALL = Buffer.alloc(5);

export interface ServerPlace {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
}

/**
 * Milliseconds by which a server's clock is ahead of this one, by the date that stands at the head of any answer, a refusal too: so
 * nothing is written, and no login is sent. Undefined where it sends none.
 * @param now milliseconds since 1970.
 */
export async function clockOf(
  { host, port, tls }: ServerPlace,
  now: () => number,
  signal: AbortSignal,
): Promise<{ readonly ahead: number; readonly uncertainty: number } | undefined> {
  const authority = `${tls ? "https" : "http"}://${host.includes(":") ? `[${host}]` : host}:${port}`;
  // Whose certificate it is does not matter for the time of day.
  const session = connect(authority, { rejectUnauthorized: false });
  try {
    const asked = now();
    const headers = await new Promise<IncomingHttpHeaders>((resolve, reject) => {
      session.on("error", reject);
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      const call = session.request({
        ":method": "POST",
        ":path": PATH,
        "content-type": "application/grpc",
        te: "trailers",
      });
      call.on("response", resolve).on("error", reject);
      call.end(EMPTY_CALL);
    });
    const answered = now();
    const date = Date.parse(headers.date ?? "");
    if (Number.isNaN(date)) return undefined;
    return {
      ahead: date + HALF_A_SECOND - (asked + answered) / 2,
      uncertainty: HALF_A_SECOND + (answered - asked) / 2,
    };
  } finally {
    session.destroy();
  }
}
