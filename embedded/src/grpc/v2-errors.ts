import { status } from "@grpc/grpc-js";
import type { ExpectedRevision } from "../streams/expected-revision.ts";
import type { Conflict, StreamState } from "../streams/multi-append-rule.ts";
import { CallFailure } from "./errors.ts";
import type { Message } from "./wire/message.ts";
import { status as statusMessage } from "./wire/shared.ts";
import {
  consistencyDetails,
  recordSizeDetails,
  revisionConflictDetails,
  streamDetails,
  transactionSizeDetails,
} from "./wire/v2-streams.ts";

const TYPE_URL = "type.googleapis.com/kurrentdb.protocol.v2.streams.errors.";

/** A failure whose details travel as `google.rpc.Status` in `grpc-status-details-bin` (spec 4.2). */
function failed<In>(code: status, text: string, name: string, details: Message<unknown, In>, value: In): CallFailure {
  const failure = new CallFailure(code, text);
  const any = { typeUrl: `${TYPE_URL}${name}ErrorDetails`, value: details.encode(value) };
  failure.metadata.set("grpc-status-details-bin", statusMessage.encode({ code, message: text, details: any }));
  return failure;
}

/** What is expected, and how streams stand, in one number (spec 4.2). */
const STATES = { no_stream: -1, any: -2, stream_exists: -4, deleted: -5, tombstoned: -6 } as const;

const numberOf = (state: ExpectedRevision | StreamState): number => (typeof state === "number" ? state : STATES[state]);

export function revisionConflict({ stream, expected, actual }: Conflict): CallFailure {
  const text = `Append failed due to a revision conflict on stream '${stream}'. Expected revision: ${numberOf(expected)}. Actual revision: ${numberOf(actual)}.`;
  return failed(status.FAILED_PRECONDITION, text, "StreamRevisionConflict", revisionConflictDetails, {
    stream,
    expectedRevision: numberOf(expected),
    actualRevision: numberOf(actual),
  });
}

export function streamTombstoned(stream: string): CallFailure {
  const text = `Stream '${stream}' is tombstoned: it can never be written again.`;
  return failed(status.FAILED_PRECONDITION, text, "StreamTombstoned", streamDetails, { stream });
}

/** Of checks that do not hold, each known by its place in the request. */
export function consistencyViolated(conflicts: readonly Conflict[]): CallFailure {
  const text = `Append failed due to ${conflicts.length} consistency check(s) that do not hold.`;
  return failed(status.FAILED_PRECONDITION, text, "AppendConsistencyViolation", consistencyDetails, {
    violations: conflicts.map(({ index, stream, expected, actual }) => ({
      checkIndex: index ?? -1,
      type: {
        case: "streamState" as const,
        value: { stream, expectedState: numberOf(expected), actualState: numberOf(actual) },
      },
    })),
  });
}

export function recordTooLarge(stream: string, recordId: string, size: number, maxSize: number): CallFailure {
  const text = `A record for stream '${stream}' has ${size} bytes, ${maxSize} are allowed.`;
  const details = { stream, recordId, size, maxSize };
  return failed(status.INVALID_ARGUMENT, text, "AppendRecordSizeExceeded", recordSizeDetails, details);
}

export function transactionTooLarge(size: number, maxSize: number): CallFailure {
  const text = `The append has ${size} bytes in all, ${maxSize} are allowed.`;
  return failed(status.ABORTED, text, "AppendTransactionSizeExceeded", transactionSizeDetails, { size, maxSize });
}

export function streamTwiceInSession(stream: string): CallFailure {
  const text = `Stream '${stream}' is already part of this append. Send all its records in one request.`;
  return failed(status.ABORTED, text, "StreamAlreadyInAppendSession", streamDetails, { stream });
}

export function nothingToAppend(): CallFailure {
  return new CallFailure(status.FAILED_PRECONDITION, "The append has no records. Send at least one.");
}
