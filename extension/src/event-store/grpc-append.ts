import { type appendReq, type appendResp, type Decoded, type Encodable } from "@sluice/embedded/client";
import type { ExpectedRevision, Integer64, NewEvent } from "./event-store.ts";
import type { Failure } from "./failure.ts";

type AppendMessage = Encodable<typeof appendReq>;

/** What goes to the server, message by message: where to, then each event. */
export function appendRequestOf(
  stream: string,
  expected: ExpectedRevision,
  events: readonly NewEvent[],
): readonly AppendMessage[] {
  const value = { streamIdentifier: stream, expectedStreamRevision: expectationOf(expected) };
  return [{ content: { case: "options", value } }, ...events.map(proposed)];
}

function expectationOf(expected: ExpectedRevision) {
  switch (expected) {
    case "any":
      return { case: "any" } as const;
    case "no-stream":
      return { case: "noStream" } as const;
    case "stream-exists":
      return { case: "streamExists" } as const;
    default:
      return { case: "revision", value: expected } as const;
  }
}

function proposed({ id, type, isJson, data, metadata }: NewEvent): AppendMessage {
  return {
    content: {
      case: "proposedMessage",
      value: {
        id,
        metadata: [
          ["type", type],
          ["content-type", isJson ? "application/json" : "application/octet-stream"],
        ],
        customMetadata: metadata,
        data,
      },
    },
  };
}

/** The revision of the last event written; throws what `errorOf` makes of a refusal. */
export function appendedRevision(
  stream: string,
  expected: ExpectedRevision,
  result: Decoded<typeof appendResp>["result"],
  errorOf: (failure: Failure) => Error,
): Integer64 {
  if (result?.case === "wrongExpectedVersion") {
    const current = result.value.currentRevisionOption;
    const actual = current?.case === "currentRevision" ? current.value : undefined;
    throw errorOf({
      kind: "wrong-expected-revision",
      stream,
      expected: String(expected),
      actual,
      cause: undefined,
    });
  }
  const revision = result?.value.currentRevisionOption;
  if (revision?.case === "currentRevision") return revision.value;
  throw errorOf({ kind: "not-written", cause: undefined });
}
