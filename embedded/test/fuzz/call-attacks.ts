import type { ClientHttp2Session, OutgoingHttpHeaders } from "node:http2";
import { bodyFor } from "./bodies.ts";
import { callHeaders } from "./frames.ts";
import { targets } from "./methods.ts";
import type { Random } from "./random.ts";

/** How long a call is watched that nobody ends. */
const PATIENCE_MS = 60;

/** One call that is wrong in some way, as a library for HTTP/2 can make it. Resolves when it is over, or was given up. */
export function attackByCall(
  random: Random,
  session: ClientHttp2Session,
  authorization: string | undefined,
): Promise<void> {
  const target = random.pick(targets);
  const { chunks, encoding } = bodyFor(random, target);
  const headers: OutgoingHttpHeaders = {
    ...callHeaders(
      random.chance(0.97) ? target.path : random.pick(["/", "", "/a/b", `/${"x".repeat(9000)}`, `${target.path}/`]),
    ),
    ...(authorization !== undefined && random.chance(0.9) && { authorization }),
    ...(encoding && { "grpc-encoding": encoding }),
    ...(random.chance(0.1) && oddHeaders(random)),
  };
  delete headers[":scheme"];
  delete headers[":authority"];
  return new Promise((resolve) => {
    let stream;
    try {
      stream = session.request(headers, { endStream: false });
    } catch {
      // The client itself refuses to send that, or has lost its connection.
      resolve();
      return;
    }
    const call = stream;
    // Whoever does not see its call end leaves it as it is.
    let timer = setTimeout(end, PATIENCE_MS);
    function end(): void {
      call.close(random.pick([1, 2, 8, 11]));
      clearTimeout(timer);
      timer = setTimeout(resolve, PATIENCE_MS);
    }
    call.on("error", () => {});
    call.on("close", () => {
      clearTimeout(timer);
      resolve();
    });
    // A reader that never reads is one of them.
    if (random.chance(0.9)) call.resume();
    for (const chunk of chunks) {
      if (random.chance(0.1))
        for (let at = 0; at < chunk.length && at < 200; at += 3) call.write(chunk.subarray(at, at + 3));
      else call.write(chunk);
    }
    const ending = random.below(10);
    if (ending < 7) call.end();
    else if (ending === 7) end();
    // Otherwise it stays half open until it is given up.
  });
}

function oddHeaders(random: Random): OutgoingHttpHeaders {
  return random.pick<() => OutgoingHttpHeaders>([
    () => ({ "content-type": random.pick(["text/plain", "", "application/grpc+json", "application/json"]) }),
    () => ({ "grpc-timeout": random.pick(["", "0n", "1n", "abc", "-1S", "99999999H", "99999999999S", "1 S"]) }),
    () => ({ "grpc-encoding": random.pick(["gzip", "deflate", "br", "\u007f"]) }),
    () => ({ ":method": random.pick(["GET", "PUT", "OPTIONS", "X"]) }),
    () => ({ te: random.pick(["", "gzip"]) }),
    () => ({
      authorization: random.pick(["", "Basic", "Basic !!!", `Basic ${"A".repeat(5000)}`, "Bearer x", "Basic YTpi"]),
    }),
    () => ({ "connection-name": random.pick(["", "x".repeat(5000), "\u00e9"]) }),
    () => ({ "requires-leader": random.pick(["", "true", "perhaps"]) }),
    () => ({ "some-bin": random.pick(["!!!", "AAAA", "=", "A".repeat(3000)]) }),
    () => Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`x-${i}`, "y".repeat(50)])),
  ])();
}
