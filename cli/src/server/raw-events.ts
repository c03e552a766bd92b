import {
  type Connection,
  type Decoded,
  type Encodable,
  type readReq,
  type readResp,
  type recordedEvent,
  streamsService,
} from "@sluice/embedded/client";

/** An event as it is stored. */
export interface RawEvent {
  readonly stream: string;
  readonly revision: bigint;
  readonly id: string;
  readonly type: string;
  readonly created: Date;
  readonly isJson: boolean;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

/** Where events are read, and from where on. */
export type Source =
  | { readonly stream: string; readonly from: "start" | "end" }
  /** Of the whole log those of one type. */
  | { readonly type: string; readonly from: "start" | "end" };

/** Records of the log that the server looks at before it tells how far it is. */
const WINDOW = 1000;

/** What is read, and how. */
type Reading = Omit<NonNullable<Encodable<typeof readReq>["options"]>, "uuidOption">;

/** One event, as it lies. */
const ONE = {
  resolveLinks: false,
  countOption: { case: "count", value: 1n },
  filterOption: { case: "noFilter" },
} as const satisfies Partial<Reading>;

const read = (connection: Connection, reading: Reading, signal: AbortSignal): AsyncIterable<Decoded<typeof readResp>> =>
  connection.serverStream(
    streamsService,
    streamsService.methods.read,
    { options: { ...reading, uuidOption: { content: { case: "string" } } } },
    signal,
  );

/** The first or the last event of a stream; undefined where there is none. */
export async function outermostEvent(
  connection: Connection,
  stream: string,
  which: "first" | "last",
  signal: AbortSignal,
): Promise<RawEvent | undefined> {
  const reading: Reading =
    which === "first"
      ? { streamOption: inStream(stream, "start"), readDirection: "forwards", ...ONE }
      : { streamOption: inStream(stream, "end"), readDirection: "backwards", ...ONE };
  for await (const answer of read(connection, reading, signal)) {
    const event = eventIn(answer);
    if (event !== undefined) return event;
  }
  return undefined;
}

/** Where a source was read up to. */
export type Place =
  | { readonly revision: bigint }
  | { readonly commitPosition: bigint; readonly preparePosition: bigint };

/** What has come of a source; no event where a link leads nowhere. */
export interface Followed {
  readonly event: RawEvent | undefined;
  readonly place: Place;
}

/** Where a source ends now; `start` where there is nothing yet. */
export async function endOf(connection: Connection, source: Source, signal: AbortSignal): Promise<Place | "start"> {
  const all = { case: "all", value: { allOption: { case: "end" } } } as const;
  const streamOption = "stream" in source ? inStream(source.stream, "end") : all;
  for await (const answer of read(connection, { streamOption, readDirection: "backwards", ...ONE }, signal)) {
    const place = placeIn(answer, source);
    if (place !== undefined) return place;
  }
  return "start";
}

/** The events of a source behind a place, links followed, and then those that come, until the signal ends it. */
export async function* followedEvents(
  connection: Connection,
  source: Source,
  after: Place | "start",
  signal: AbortSignal,
): AsyncGenerator<Followed> {
  const reading: Reading = {
    streamOption: "stream" in source ? behind(source.stream, after) : inLogBehind(after),
    readDirection: "forwards",
    resolveLinks: true,
    countOption: { case: "subscription" },
    filterOption: "stream" in source ? { case: "noFilter" } : ofType(source.type),
  };
  for await (const answer of read(connection, reading, signal)) {
    const place = placeIn(answer, source);
    if (place !== undefined) yield { event: eventIn(answer), place };
  }
}

const behind = (streamIdentifier: string, after: Place | "start") =>
  after !== "start" && "revision" in after
    ? ({
        case: "stream",
        value: { streamIdentifier, revisionOption: { case: "revision", value: after.revision } },
      } as const)
    : inStream(streamIdentifier, "start");

const inLogBehind = (after: Place | "start") =>
  after !== "start" && "commitPosition" in after
    ? ({ case: "all", value: { allOption: { case: "position", value: after } } } as const)
    : ({ case: "all", value: { allOption: { case: "start" } } } as const);

/** A link's place is its own, not that of what it leads to. */
function placeIn({ content }: Decoded<typeof readResp>, source: Source): Place | undefined {
  if (content?.case !== "event") return undefined;
  const record = content.value.link ?? content.value.event;
  if (record === undefined) return undefined;
  return "stream" in source
    ? { revision: BigInt(record.streamRevision) }
    : { commitPosition: BigInt(record.commitPosition), preparePosition: BigInt(record.preparePosition) };
}

const inStream = (streamIdentifier: string, from: "start" | "end") =>
  ({ case: "stream", value: { streamIdentifier, revisionOption: { case: from } } }) as const;

/** All that has this type and no other: the server looks for beginnings, or for an expression. */
const ofType = (type: string) =>
  ({
    case: "filter",
    value: {
      filter: { case: "eventType", value: { regex: `^${type.replaceAll(/[^\w]/g, String.raw`\$&`)}$`, prefix: [] } },
      window: { case: "max", value: WINDOW },
      checkpointIntervalMultiplier: 1,
    },
  }) as const;

/** What a link leads to stands for it; one that leads nowhere is passed over. */
function eventIn({ content }: Decoded<typeof readResp>): RawEvent | undefined {
  if (content?.case !== "event") return undefined;
  const { event } = content.value;
  return event && rawOf(event);
}

const rawOf = (event: Decoded<typeof recordedEvent>): RawEvent => ({
  stream: event.streamIdentifier ?? "",
  revision: BigInt(event.streamRevision),
  id: event.id ?? "",
  type: event.metadata.get("type") ?? "",
  created: new Date(Number(event.metadata.get("created") ?? Number.NaN) / 10_000),
  isJson: event.metadata.get("content-type") === "application/json",
  data: event.data,
  metadata: event.customMetadata,
});
