import { streamsService, type readReq } from "../../grpc/wire/streams.ts";
import type { Decoded, Encodable } from "../../grpc/wire/message.ts";
import type { recordedEvent } from "../../grpc/wire/streams.ts";
import type { LogRecord } from "../../log/record.ts";
import type { Connection } from "../../client/connection.ts";

/** A record as a client sees it. */
export interface ReadRecord extends Omit<LogRecord, "created"> {
  /** 100-ns ticks since 1970. */
  readonly created: string;
}

export interface LogRead {
  /** Only streams whose names match. */
  readonly streams?: { readonly regex: string } | { readonly prefix: string };
  readonly direction?: "forwards" | "backwards";
  readonly count?: number;
}

type Options = NonNullable<Encodable<typeof readReq>["options"]>;

const NO_LIMIT = Number.MAX_SAFE_INTEGER;
/** Records looked at before a filtered read tells where it is. */
const WINDOW = 1000;

/** Reads the log from one of its ends, everything that is there when it gets there, links as they are. */
export async function* readLog(connection: Connection, read: LogRead = {}): AsyncGenerator<ReadRecord> {
  const { streams, direction = "forwards", count = NO_LIMIT } = read;
  const filter: Options["filterOption"] =
    streams === undefined
      ? { case: "noFilter" }
      : {
          case: "filter",
          value: {
            filter: {
              case: "streamIdentifier",
              value: "regex" in streams ? { regex: streams.regex } : { prefix: [streams.prefix] },
            },
            window: { case: "max", value: WINDOW },
            checkpointIntervalMultiplier: 1,
          },
        };
  yield* records(connection, {
    streamOption: { case: "all", value: { allOption: { case: direction === "forwards" ? "start" : "end" } } },
    readDirection: direction,
    countOption: { case: "count", value: count },
    filterOption: filter,
  });
}

/** Reads a stream from a revision on, links as they are; nothing where there is no such stream, or it was deleted. */
export async function* readStream(
  connection: Connection,
  stream: string,
  from: number,
  count = NO_LIMIT,
): AsyncGenerator<ReadRecord> {
  yield* records(connection, {
    streamOption: {
      case: "stream",
      value: { streamIdentifier: stream, revisionOption: { case: "revision", value: from } },
    },
    readDirection: "forwards",
    countOption: { case: "count", value: count },
    filterOption: { case: "noFilter" },
  });
}

/** The last visible event of a stream. */
export async function lastOf(connection: Connection, stream: string): Promise<ReadRecord | undefined> {
  const last = records(connection, {
    streamOption: { case: "stream", value: { streamIdentifier: stream, revisionOption: { case: "end" } } },
    readDirection: "backwards",
    countOption: { case: "count", value: 1 },
    filterOption: { case: "noFilter" },
  });
  for await (const record of last) return record;
  return undefined;
}

async function* records(connection: Connection, options: Options): AsyncGenerator<ReadRecord> {
  const answers = connection.serverStream(streamsService, streamsService.methods.read, {
    options: { ...options, uuidOption: { content: { case: "string" } } },
  });
  for await (const { content } of answers) {
    if (content?.case === "event" && content.value.event !== undefined) yield recordOf(content.value.event);
  }
}

function recordOf(event: Decoded<typeof recordedEvent>): ReadRecord {
  return {
    stream: event.streamIdentifier ?? "",
    revision: Number(event.streamRevision),
    position: Number(event.commitPosition),
    id: event.id ?? "",
    type: event.metadata.get("type") ?? "",
    isJson: event.metadata.get("content-type") === "application/json",
    created: event.metadata.get("created") ?? "0",
    data: event.data,
    metadata: event.customMetadata,
  };
}
