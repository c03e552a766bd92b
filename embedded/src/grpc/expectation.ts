import { TOMBSTONE_REVISION } from "../log/record.ts";
import type { ExpectedRevision } from "../streams/expected-revision.ts";
import type { Integer64 } from "./wire/scalars.ts";

/** What a writer expects, as the append, delete and tombstone requests say it. */
export type WireExpectation =
  | { readonly case: "revision" | "streamPosition"; readonly value: Integer64 }
  | { readonly case: "noStream" | "any" | "streamExists" };

/** Revision 2^64 - 1: as an expectation no stream, as a place to read from the end (corrections 1.9). */
export const LAST_UINT64 = 2n ** 64n - 1n;

/**
 * The expectation in the domain's terms; undefined for a revision that no stream can have and that the
 * server refuses to look at (golden streams/expected-revisions-out-of-range). None at all is "any".
 */
export function expectedRevisionOf(expectation: WireExpectation | undefined): ExpectedRevision | undefined {
  switch (expectation?.case) {
    case "noStream":
      return "no_stream";
    case "streamExists":
      return "stream_exists";
    case "revision":
    case "streamPosition":
      if (typeof expectation.value === "number") return expectation.value;
      if (expectation.value === LAST_UINT64) return "no_stream";
      // Beyond 2^53 the exact number cannot matter: no stream is that long.
      return expectation.value < 2n ** 63n ? TOMBSTONE_REVISION : undefined;
    default:
      return "any";
  }
}
