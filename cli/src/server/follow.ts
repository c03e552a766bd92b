import { setTimeout as sleep } from "node:timers/promises";
import { connect, parseConnectionString } from "@sluice/embedded/client";
import { endOf, followedEvents, type Place, type RawEvent, type Source } from "./raw-events.ts";

/** Milliseconds before a server that is away is looked for again: the first time, and at most. */
const FIRST_WAIT = 200;
const LONGEST_WAIT = 3_000;

/**
 * Follows a source until the signal ends it. Where the server goes away, restarts or elects a leader it connects again, and goes on
 * behind what came last: nothing is left out, and nothing comes twice.
 * @param onAway told when the server is away, and for how long it is waited.
 * @throws ServerUnreachableError where nothing has ever answered; NotAllowedError, and what else the server says of the source
 */
export async function* follow(
  connectionString: string,
  source: Source,
  signal: AbortSignal,
  onAway: (milliseconds: number) => void,
): AsyncGenerator<RawEvent> {
  const settings = parseConnectionString(connectionString);
  let after: Place | "start" | undefined = source.from === "start" ? "start" : undefined;
  let hasAnswered = false;
  for (let failures = 0; ;) {
    try {
      const connection = await connect(settings);
      try {
        // Not the server's own end: what comes while it is away would be passed over.
        after ??= await endOf(connection, source, signal);
        hasAnswered = true;
        for await (const { event, place } of followedEvents(connection, source, after, signal)) {
          failures = 0;
          after = place;
          if (event !== undefined) yield event;
        }
      } finally {
        connection.close();
      }
    } catch (error) {
      signal.throwIfAborted();
      if (!hasAnswered || !isAway(error)) throw error;
    }
    signal.throwIfAborted();
    const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** failures);
    failures += 1;
    onAway(wait);
    await sleep(wait, undefined, { signal });
  }
}

/** Codes of gRPC: what a server says that ends, restarts, is too slow, or does not lead any more. */
const AWAY: ReadonlySet<unknown> = new Set([1, 4, 5, 8, 10, 13, 14]);

function isAway(error: unknown): boolean {
  if (error instanceof Error && error.name === "ServerUnreachableError") return true;
  return AWAY.has(Reflect.get(Object(error), "code"));
}
