import { type handleClientStreamingCall, status } from "@grpc/grpc-js";
import { TOMBSTONE_REVISION } from "../log/record.ts";
import type { ExpectedRevision } from "../streams/expected-revision.ts";
import type { MultiAppendResult } from "../streams/results.ts";
import { unaryCall } from "./calls.ts";
import { CallFailure, failureOf, invalidArgument } from "./errors.ts";
import {
  consistencyViolated,
  nothingToAppend,
  revisionConflict,
  streamTombstoned,
  streamTwiceInSession,
} from "./v2-errors.ts";
import { MultiAppend, tooBusy, type V2StreamsOptions } from "./v2-multi-append.ts";
import type { Decoded, Encodable } from "./wire/message.ts";
import type { Integer64 } from "./wire/scalars.ts";
import type { Handlers } from "./wire/service.ts";
import type { appendRequest, appendSessionResponse, v2StreamsService } from "./wire/v2-streams.ts";

/** A session that is not complete by then never will be. */
const COLLECTING_MS = 30_000;

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

type Session = handleClientStreamingCall<Decoded<typeof appendRequest>, Encodable<typeof appendSessionResponse>>;

/** Serves AppendSession: a request for each stream, and one answer when the client has sent them all. */
function appendSession(options: V2StreamsOptions): Session {
  const { openCalls, load } = options;
  return (call, callback) => {
    if (load.isFull) {
      callback(tooBusy());
      return;
    }
    const append = new MultiAppend(options, call);
    const listeners = new Set<() => void>();
    let isAnswered = false;
    let isWriting = false;
    const timer = setTimeout(() => fail(notComplete()), COLLECTING_MS);

    function close(): boolean {
      if (isAnswered) return false;
      isAnswered = true;
      clearTimeout(timer);
      if (!isWriting) load.end(append.weight);
      for (const listener of listeners) listener();
      return true;
    }

    function fail(failure: CallFailure): void {
      if (close()) callback(failure);
    }

    function receive({ stream, records, expectation }: Decoded<typeof appendRequest>): void {
      if (isAnswered) return;
      if (append.writesTo(stream)) throw streamTwiceInSession(stream);
      if (records.length === 0) throw nothingToAppend();
      for (const record of records) append.add(record, stream);
      append.beliefs.push({ stream, expected: expectedOf(expectation?.value ?? ANY) });
    }

    async function write(): Promise<void> {
      if (isAnswered) return;
      isWriting = true;
      clearTimeout(timer);
      try {
        const { revisions, position } = appended(await append.write(), "revisions");
        const output = [...revisions].map(([stream, streamRevision]) => ({ stream, streamRevision }));
        if (close()) callback(null, { output, position: position ?? 0 });
      } finally {
        load.end(append.weight);
      }
    }

    load.begin();
    openCalls.add({
      fail,
      onClose(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    });
    call.on("cancelled", close);
    call.on("error", (error) => fail(failureOf(error)));
    call.on("data", (request) => {
      try {
        receive(request);
      } catch (error) {
        fail(failureOf(error));
      }
    });
    call.on("end", () => {
      // A client that gives up ends its side, too, and only then is it heard that it gave up: half a session is none.
      setImmediate(() => {
        write().catch((error: unknown) => fail(failureOf(error)));
      });
    });
  };
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

function notComplete(): CallFailure {
  return new CallFailure(
    status.DEADLINE_EXCEEDED,
    "The append was not complete in time. Send all its requests at once.",
  );
}
