import type { handleClientStreamingCall } from "@grpc/grpc-js";
import { TOMBSTONE_REVISION } from "../log/record.ts";
import type { ExpectedRevision } from "../streams/expected-revision.ts";
import type { MultiAppendResult } from "../streams/results.ts";
import { unaryCall } from "./calls.ts";
import { collectedAppend, tooBusy } from "./collected-append.ts";
import { invalidArgument } from "./errors.ts";
import {
  consistencyViolated,
  nothingToAppend,
  revisionConflict,
  streamTombstoned,
  streamTwiceInSession,
} from "./v2-errors.ts";
import { MultiAppend, type V2StreamsOptions } from "./v2-multi-append.ts";
import type { Decoded, Encodable } from "./wire/message.ts";
import type { Integer64 } from "./wire/scalars.ts";
import type { Handlers } from "./wire/service.ts";
import type { appendRequest, appendSessionResponse, v2StreamsService } from "./wire/v2-streams.ts";

type SessionRequest = Decoded<typeof appendRequest>;
type SessionResponse = Encodable<typeof appendSessionResponse>;

/** The Streams service of the second protocol: appends to several streams, all or none (spec 4.2). */
export function v2StreamsHandlers(options: V2StreamsOptions): Handlers<typeof v2StreamsService> {
  const { access, load } = options;
  return {
    appendSession: appendSession(options),
    appendRecords: unaryCall(async ({ records, checks }, call) => {
      if (load.isFull) throw tooBusy();
      const append = new MultiAppend(options, call);
      load.begin();
      try {
        for (const record of records) append.add(record, record.stream);
        for (const { type } of checks) {
          if (type === undefined) throw invalidArgument("A consistency check names a stream and its state.");
          const { stream, expectedState } = type.value;
          access.require(call, { kind: "stream", right: "read", stream });
          append.beliefs.push({ stream, expected: expectedOf(expectedState) });
        }
        const result = appended(await append.write(), "checks");
        return {
          revisions: [...result.revisions].map(([stream, revision]) => ({ stream, revision })),
          position: result.position ?? 0,
        };
      } finally {
        load.end(append.weight);
      }
    }),
  };
}

/** Serves AppendSession: a request for each stream, and one answer when the client has sent them all. */
function appendSession(options: V2StreamsOptions): handleClientStreamingCall<SessionRequest, SessionResponse> {
  return collectedAppend(options.load, options.openCalls, (call) => {
    const append = new MultiAppend(options, call);
    return {
      get weight() {
        return append.weight;
      },
      receive({ stream, records, expectation }) {
        if (append.writesTo(stream)) throw streamTwiceInSession(stream);
        if (records.length === 0) throw nothingToAppend();
        for (const record of records) append.add(record, stream);
        append.beliefs.push({ stream, expected: expectedOf(expectation?.value ?? ANY) });
      },
      complete: () => async () => {
        const { revisions, position } = appended(await append.write(), "revisions");
        const output = [...revisions].map(([stream, streamRevision]) => ({ stream, streamRevision }));
        return { output, position: position ?? 0 };
      },
    };
  });
}

/** The success; throws what says why there is none, in terms of what was asked: revisions of streams, or checks. */
function appended(
  result: MultiAppendResult,
  asked: "revisions" | "checks",
): Extract<MultiAppendResult, { outcome: "appended" }> {
  if (result.outcome === "appended") return result;
  if (result.outcome === "stream-deleted") throw streamTombstoned(result.stream);
  const [first] = result.conflicts;
  const ofChecks = result.conflicts.filter(({ index }) => index !== undefined);
  if (first === undefined || (asked === "checks" && ofChecks.length > 0)) throw consistencyViolated(ofChecks);
  throw revisionConflict(first);
}

const ANY = -2;

function expectedOf(state: Integer64): ExpectedRevision {
  if (state === -1) return "no_stream";
  if (state === ANY) return "any";
  if (state === -4) return "stream_exists";
  if (state < 0) throw invalidArgument(`${state} is no revision that a stream can be expected to have.`);
  // No stream is as long as what no number holds.
  return typeof state === "number" ? state : TOMBSTONE_REVISION;
}
