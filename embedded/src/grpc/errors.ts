import { Metadata, status } from "@grpc/grpc-js";
import { WriteFailedError } from "../log/errors.ts";

/** Headers beyond 64 KiB would be taken for an attack by the client; a character may become nine. */
const LONGEST_TEXT = 2048;

/**
 * A call that ends with a status other than OK. The client tells failures apart by the trailing metadata
 * `exception`, and takes the details it shows from further keys (spec 1.5).
 */
export class CallFailure extends Error {
  override readonly name = "CallFailure";
  readonly code: status;
  readonly details: string;
  readonly metadata: Metadata;

  constructor(code: status, details: string, trailers: Readonly<Record<string, string>> = {}, cause?: unknown) {
    super(details, { cause });
    this.code = code;
    // Half a surrogate pair, as a script may throw one, has no place in a header.
    this.details = details.slice(0, LONGEST_TEXT).toWellFormed();
    this.metadata = new Metadata();
    for (const [key, value] of Object.entries(trailers))
      this.metadata.set(key, headerText(value.slice(0, LONGEST_TEXT)));
  }
}

/** HTTP headers hold ASCII only; other characters of a stream's name are percent-encoded. */
function headerText(text: string): string {
  return text.replaceAll(/[^ -~]+/gu, (part) => encodeURIComponent(part.toWellFormed()));
}

/** What the real server says of every request that it did not expect (corrections 1.9, 2.2, 3). */
export function handlerException(cause?: unknown): CallFailure {
  return new CallFailure(status.UNKNOWN, "Exception was thrown by handler.", {}, cause);
}

export function unknown(details: string): CallFailure {
  return new CallFailure(status.UNKNOWN, details);
}

/** What took longer than the server has time for (spec 1.5). */
export function timedOut(what: string, cause?: unknown): CallFailure {
  return new CallFailure(status.ABORTED, `Operation timed out: ${what}`, {}, cause);
}

export function invalidArgument(details: string): CallFailure {
  return new CallFailure(status.INVALID_ARGUMENT, details);
}

export function streamDeleted(stream: string): CallFailure {
  return new CallFailure(status.FAILED_PRECONDITION, `Event stream '${stream}' is deleted.`, {
    exception: "stream-deleted",
    "stream-name": stream,
  });
}

/** Of a delete or tombstone; appends answer this as a result instead (spec 1.6). -1 no stream, -2 any, -4 stream exists. */
export function deleteExpectedOtherwise(stream: string, expected: string, actual: number): CallFailure {
  return new CallFailure(
    status.FAILED_PRECONDITION,
    `Delete failed due to WrongExpectedVersion. Stream: ${stream}, Expected version: ${expected}, Actual version: ${actual}`,
    {
      exception: "wrong-expected-version",
      "stream-name": stream,
      "expected-version": expected,
      "actual-version": String(actual),
    },
  );
}

export function appendTooLarge(limit: number): CallFailure {
  return new CallFailure(status.INVALID_ARGUMENT, `Maximum Append Size of ${limit} Exceeded.`, {
    exception: "maximum-append-size-exceeded",
    "maximum-append-size": String(limit),
  });
}

export function requiredMetadataMissing(key: string): CallFailure {
  return new CallFailure(status.INVALID_ARGUMENT, `Required Metadata Property '${key}' is missing.`, {
    exception: "missing-required-metadata-property",
    "required-metadata-properties": key,
  });
}

export function shuttingDown(): CallFailure {
  return new CallFailure(status.UNAVAILABLE, "The server is shutting down. Connect again once it is back.");
}

/** The failure as the client is to see it: whatever is not meant for it says no more than that something failed. */
export function failureOf(error: unknown): CallFailure {
  if (error instanceof CallFailure) return error;
  // A full disk is for the operator to mend and for the client to wait for.
  if (error instanceof WriteFailedError) return new CallFailure(status.UNAVAILABLE, error.message, {}, error);
  return handlerException(error);
}
