import {
  connect,
  type Connection,
  type Decoded,
  parseConnectionString,
  type readResp,
  serverFeaturesService,
  streamsService,
} from "@sluice/embedded/client";
import type { Credentials } from "./credentials.ts";
import type {
  EventStore,
  Page,
  Position,
  ReadOptions,
  ServerFeatures,
  Source,
  StreamEntry,
  SubscriptionNote,
} from "./event-store.ts";
import type { Failure } from "./failure.ts";
import { appendRequestOf, appendedRevision } from "./grpc-append.ts";
import { bytesOf, entryOf } from "./grpc-entry.ts";
import { type Asked, endingOf, failureOf, UNIMPLEMENTED } from "./grpc-failure.ts";
import { type ReadRequest, readRequestOf } from "./grpc-request.ts";

/** Failures of the connection itself, after which the next call makes a new one: the server may be there by then, or elsewhere. */
const LOST: ReadonlySet<Failure["kind"]> = new Set([
  "unreachable",
  "no-tls",
  "only-tls",
  "certificate-unknown",
  "certificate-for-another",
  "certificate-expired",
  "not-leader",
  "connection-string",
]);

const NO_FEATURES: ServerFeatures = { version: "unknown", methods: new Map() };

/** What a call needs: the one connection, and what ends it, be it the caller or that the connection is closed. */
interface Begun {
  readonly attempt: Promise<Connection>;
  readonly either: AbortSignal;
}

/** A client of a server by gRPC; `errorOf` makes the error that is thrown. See `openEventStore`. */
export function grpcEventStore(
  connectionString: string,
  credentials: Credentials | undefined,
  errorOf: (failure: Failure) => Error,
): EventStore {
  const settings = settingsOf(connectionString, credentials, errorOf);
  const asked: Asked = {
    at: settings.addresses.map(({ host, port }) => `${host}:${port}`).join(", "),
    tls: settings.tls,
    login: settings.tls ? settings.credentials?.login : undefined,
  };
  const about = (source: Source): Asked => ({ ...asked, source: "all" in source ? "$all" : source.stream });
  const closing = new AbortController();
  let connection: Promise<Connection> | undefined;

  function begin(signal: AbortSignal | undefined): Begun {
    const either = signal === undefined ? closing.signal : AbortSignal.any([signal, closing.signal]);
    either.throwIfAborted();
    connection ??= connect(settings);
    return { attempt: connection, either };
  }

  /** What a call that failed throws, in the terms of the seam. */
  function failed(error: unknown, what: Asked, { attempt, either }: Begun): unknown {
    if (either.aborted) return either.reason;
    const failure = failureOf(error, what);
    if (LOST.has(failure.kind) && connection === attempt) {
      connection = undefined;
      closeOf(attempt);
    }
    return errorOf(failure);
  }

  async function answer<T>(
    what: Asked,
    signal: AbortSignal | undefined,
    call: (on: Connection, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const begun = begin(signal);
    try {
      return await call(await unlessAborted(begun), begun.either);
    } catch (error) {
      throw failed(error, what, begun);
    }
  }

  async function* answers(source: Source, request: ReadRequest, signal: AbortSignal | undefined) {
    const begun = begin(signal);
    try {
      const on = await unlessAborted(begun);
      yield* on.serverStream(streamsService, streamsService.methods.read, request, begun.either);
    } catch (error) {
      throw failed(error, about(source), begun);
    }
  }

  async function readPage(source: Source, options: ReadOptions): Promise<Page> {
    const { limit, followsLinks, maxBytes = Number.POSITIVE_INFINITY, signal } = options;
    const entries: StreamEntry[] = [];
    let bytes = 0;
    for await (const { content } of answers(source, readRequestOf(source, options), signal)) {
      const entry = told(content, followsLinks);
      if (entry === undefined) continue;
      entries.push(entry);
      bytes += bytesOf(entry);
      if (bytes >= maxBytes) return { entries, isEnd: false };
    }
    return { entries, isEnd: entries.length < limit };
  }

  function told(content: Decoded<typeof readResp>["content"], followsLinks: boolean): StreamEntry | undefined {
    if (content?.case === "streamNotFound") {
      throw errorOf({ kind: "stream-not-found", stream: content.value.streamIdentifier ?? "", cause: undefined });
    }
    return content?.case === "event" ? entryOf(content.value, followsLinks) : undefined;
  }

  /**
   * Backwards from a position of the log the server begins before it, so it is asked from the position of the next
   * event. Where there is none it is asked from the end, and what was written meanwhile is left out.
   */
  async function readLogBackwards(source: Source, from: Position, options: ReadOptions): Promise<Page> {
    const { signal } = options;
    const ahead: ReadOptions = {
      from,
      direction: "forwards",
      limit: 2,
      followsLinks: false,
      ...(signal && { signal }),
    };
    const next = (await readPage({ all: true }, ahead)).entries.find(({ recorded }) =>
      isAfter(recorded.position, from),
    );
    const page = await readPage(source, { ...options, from: next?.recorded.position ?? "end" });
    const entries = page.entries.filter(({ recorded }) => !isAfter(recorded.position, from));
    if (entries.length === 0 && page.entries.length > 0) return readLogBackwards(source, from, options);
    return { entries, isEnd: page.isEnd };
  }

  return {
    async features(signal) {
      const { name, methods } = serverFeaturesService;
      const supported = await answer(asked, signal, async (on, either) => {
        try {
          return await on.unary({ name }, methods.getSupportedMethods, {}, either);
        } catch (error) {
          if (endingOf(error)?.code === UNIMPLEMENTED) return undefined;
          throw error;
        }
      });
      if (supported === undefined) return NO_FEATURES;
      return {
        version: supported.eventStoreServerVersion,
        methods: new Map(
          supported.methods.map(({ serviceName, methodName, features }) => [`${serviceName}/${methodName}`, features]),
        ),
      };
    },

    async read(source, options) {
      const { direction, from, limit } = options;
      if (limit < 1) throw new RangeError("A page has at least one entry.");
      // The server takes that for an error (spec 1.9), and there is nothing in it.
      if (direction === "forwards" && from === "end") return { entries: [], isEnd: true };
      return "all" in source && direction === "backwards" && typeof from === "object"
        ? readLogBackwards(source, from, options)
        : readPage(source, options);
    },

    async *subscribe(source, { after, followsLinks, signal }) {
      const request = readRequestOf(source, { from: after, direction: "forwards", followsLinks, limit: undefined });
      try {
        for await (const { content } of answers(source, request, signal)) {
          const note = noteOf(content, followsLinks);
          if (note !== undefined) yield note;
        }
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    },

    async append(stream, expected, events) {
      if (events.length === 0) throw new RangeError("There is nothing to append.");
      const { result } = await answer(about({ stream }), undefined, (on) =>
        on.clientStream(streamsService, streamsService.methods.append, appendRequestOf(stream, expected, events)),
      );
      return appendedRevision(stream, expected, result, errorOf);
    },

    close() {
      if (closing.signal.aborted) return;
      closing.abort(errorOf({ kind: "closed", cause: undefined }));
      if (connection !== undefined) closeOf(connection);
    },
  };
}

function settingsOf(
  connectionString: string,
  credentials: Credentials | undefined,
  errorOf: (failure: Failure) => Error,
) {
  try {
    const settings = parseConnectionString(connectionString);
    return credentials === undefined ? settings : { ...settings, credentials };
  } catch (error) {
    throw errorOf(failureOf(error, { at: "", tls: true, login: undefined }));
  }
}

/** The client lets calls that still run come to their end. */
function closeOf(attempt: Promise<Connection>): void {
  attempt.then(
    (connection) => connection.close(),
    () => {},
  );
}

async function unlessAborted({ attempt, either }: Begun): Promise<Connection> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(either.reason);
  either.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([attempt, aborted]);
  } finally {
    either.removeEventListener("abort", abort);
  }
}

const isAfter = (one: Position, other: Position): boolean =>
  one.commit > other.commit || (one.commit === other.commit && one.prepare > other.prepare);

function noteOf(content: Decoded<typeof readResp>["content"], followsLinks: boolean): SubscriptionNote | undefined {
  switch (content?.case) {
    case "event": {
      const entry = entryOf(content.value, followsLinks);
      return entry && { kind: "entry", entry };
    }
    case "caughtUp":
      return { kind: "caught-up" };
    case "checkpoint": {
      const { commitPosition: commit, preparePosition: prepare } = content.value;
      return { kind: "checkpoint", position: { commit, prepare } };
    }
    default:
      return undefined;
  }
}
