import { CALL_LIMIT, type CallArguments, type Calls } from "./calls.ts";
import type { ResolvedEvent } from "./event.ts";
import { shared, streamIdentifier, streams, StreamsClient } from "./generated.ts";
import { readCall } from "./read-call.ts";

export interface ReadOptions {
  /** Where to begin, that revision included. Default: at the start, or at the end where it is read backwards. */
  readonly from?: bigint | "start" | "end";
  /** Default: forwards. */
  readonly direction?: "forwards" | "backwards";
  /** Events at most. */
  readonly limit: number;
  /** Gives the events that links lead to. Default: false, links as they are. */
  readonly followsLinks?: boolean;
}

type Request = InstanceType<typeof streams.ReadReq>;

/**
 * Reads a part of a stream, in order; nothing where the stream is not there.
 * @throws ServerUnreachable, also where the whole answer takes longer than {@link CALL_LIMIT}; AccessRefused
 */
export async function read(calls: Calls, stream: string, options: ReadOptions): Promise<readonly ResolvedEvent[]> {
  return readWith(calls, requestFor(stream, options));
}

/** Reads the last event of the log of the whole server. It takes rights on `$all`. @throws as {@link read} */
export async function readLast(calls: Calls): Promise<ResolvedEvent | undefined> {
  const all = new streams.ReadReq.Options.AllOptions();
  all.setEnd(new shared.Empty());
  const options = new streams.ReadReq.Options();
  options.setAll(all);
  options.setReadDirection(1);
  const [last] = await readWith(calls, requestOf(options, 1));
  return last;
}

async function readWith(calls: Calls, request: Request): Promise<readonly ResolvedEvent[]> {
  return calls.withStub(StreamsClient, CALL_LIMIT, async (stub, given) => {
    const events: ResolvedEvent[] = [];
    for await (const { event } of readCall(stub, request, given)) {
      // That the stream is not there is an answer of its own, and the only one then.
      if (event !== undefined) events.push(event);
    }
    return events;
  });
}

/** Reads a stream that nobody writes: the cheapest question that only a leader answers. */
export async function readNothing(stub: InstanceType<typeof StreamsClient>, given: CallArguments): Promise<void> {
  const call = readCall(stub, requestFor("sluice.probe", { direction: "backwards", limit: 1 }), given);
  for await (const _ of call);
}

function requestFor(
  stream: string,
  { from, direction = "forwards", limit, followsLinks = false }: ReadOptions,
): Request {
  const place = new streams.ReadReq.Options.StreamOptions();
  place.setStreamIdentifier(streamIdentifier(stream));
  const begin = from ?? (direction === "forwards" ? "start" : "end");
  if (begin === "start") place.setStart(new shared.Empty());
  else if (begin === "end") place.setEnd(new shared.Empty());
  else place.setRevision(begin.toString());
  const options = new streams.ReadReq.Options();
  options.setStream(place);
  options.setReadDirection(direction === "forwards" ? 0 : 1);
  options.setResolveLinks(followsLinks);
  return requestOf(options, limit);
}

function requestOf(options: InstanceType<typeof streams.ReadReq.Options>, limit: number): Request {
  options.setCount(String(limit));
  options.setNoFilter(new shared.Empty());
  const asText = new streams.ReadReq.Options.UUIDOption();
  asText.setString(new shared.Empty());
  options.setUuidOption(asText);
  const request = new streams.ReadReq();
  request.setOptions(options);
  return request;
}
