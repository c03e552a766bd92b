import type { Encodable, filterOptions, readReq } from "@sluice/embedded/client";
import type { AllFilter, Direction, Integer64, Position, Source } from "./event-store.ts";

export type ReadRequest = Encodable<typeof readReq>;

/** A place in a stream or in the log, as far as it fits the source. */
export type Place = "start" | "end" | Integer64 | Position;

interface Reading {
  readonly from: Place;
  readonly direction: Direction;
  readonly followsLinks: boolean;
  /** So many events at most; undefined for all there will ever be. */
  readonly limit: number | undefined;
}

/** Records of the log that the server looks at before it tells how far it is. */
const WINDOW = 1000;

export function readRequestOf(source: Source, { from, direction, followsLinks, limit }: Reading): ReadRequest {
  return {
    options: {
      streamOption: "all" in source ? { case: "all", value: inLog(from) } : inStream(source.stream, from),
      readDirection: direction,
      resolveLinks: followsLinks,
      countOption: limit === undefined ? { case: "subscription" } : { case: "count", value: limit },
      filterOption: filterOf("all" in source ? source.filter : undefined),
      uuidOption: { content: { case: "string" } },
    },
  };
}

function inStream(stream: string, from: Place) {
  if (typeof from === "object") throw new TypeError("A place in a stream is a revision, not a position.");
  const revisionOption =
    typeof from === "string" ? ({ case: from } as const) : ({ case: "revision", value: from } as const);
  return { case: "stream", value: { streamIdentifier: stream, revisionOption } } as const;
}

function inLog(from: Place) {
  if (typeof from === "string") return { allOption: { case: from } } as const;
  if (typeof from !== "object") throw new TypeError("A place in the log is a position, not a revision.");
  return {
    allOption: { case: "position", value: { commitPosition: from.commit, preparePosition: from.prepare } },
  } as const;
}

function filterOf(filter: AllFilter | undefined): { case: "noFilter" } | FilterOption {
  const prefix = filter?.prefixes ?? [];
  const regex = filter?.regex ?? "";
  if (filter === undefined || (prefix.length === 0 && regex === "")) return { case: "noFilter" };
  return {
    case: "filter",
    value: {
      filter: { case: filter.on === "stream" ? "streamIdentifier" : "eventType", value: { regex, prefix } },
      window: { case: "max", value: WINDOW },
      checkpointIntervalMultiplier: 1,
    },
  };
}

interface FilterOption {
  readonly case: "filter";
  readonly value: Encodable<typeof filterOptions>;
}
