import type { Calls } from "./calls.ts";
import { expectConfirmation } from "./confirmation.ts";
import type { ResolvedEvent } from "./event.ts";
import { shared, streamIdentifier, streams, StreamsClient } from "./generated.ts";
import { readCall } from "./read-call.ts";

export interface FollowOptions {
  /** Begins behind this revision; undefined: at the first event. */
  readonly after: bigint | undefined;
  readonly signal: AbortSignal;
  /** Called once, when the server has confirmed. */
  readonly confirmed?: () => void;
}

/**
 * Takes one event after the other from a stream, links followed: those that are there, then each new one. Reading waits for `take`.
 * It ends without a failure when the signal is aborted, and never comes back by itself.
 * @throws ServerUnreachable, AccessRefused, and what `take` throws
 */
export async function follow(
  calls: Calls,
  stream: string,
  { after, signal, confirmed }: FollowOptions,
  take: (event: ResolvedEvent) => Promise<void> | void,
): Promise<void> {
  if (signal.aborted) return;
  const given = Promise.withResolvers<void>();
  const settled = expectConfirmation(calls, given.reject);
  const abort = (): void => given.resolve();
  signal.addEventListener("abort", abort, { once: true });
  let cancel = (): void => {};
  let isOver = false;
  const followed = calls.withStub(StreamsClient, Infinity, async (stub, limits) => {
    const call = readCall(stub, requestFor(stream, after), limits);
    cancel = () => call.cancel();
    if (isOver) cancel();
    for await (const { event, isConfirmation } of call) {
      calls.heard();
      if (isConfirmation) {
        settled();
        confirmed?.();
      }
      if (event !== undefined && !isOver) await take(event);
    }
    throw calls.unreachable("It ended the subscription.");
  });
  try {
    await Promise.race([followed, given.promise]);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    isOver = true;
    settled();
    signal.removeEventListener("abort", abort);
    cancel();
    // What is left of it has been told, or is its cancellation.
    followed.catch(() => {});
  }
}

function requestFor(stream: string, after: bigint | undefined): InstanceType<typeof streams.ReadReq> {
  const place = new streams.ReadReq.Options.StreamOptions();
  place.setStreamIdentifier(streamIdentifier(stream));
  if (after === undefined) place.setStart(new shared.Empty());
  else place.setRevision(after.toString());
  const options = new streams.ReadReq.Options();
  options.setStream(place);
  options.setSubscription(new streams.ReadReq.Options.SubscriptionOptions());
  options.setResolveLinks(true);
  options.setNoFilter(new shared.Empty());
  const asText = new streams.ReadReq.Options.UUIDOption();
  asText.setString(new shared.Empty());
  options.setUuidOption(asText);
  const request = new streams.ReadReq();
  request.setOptions(options);
  return request;
}
