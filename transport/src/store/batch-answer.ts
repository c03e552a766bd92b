import type { Appended } from "./append.ts";
import { AppendTooLarge } from "./append-too-large.ts";
import type { ExpectedRevision } from "./event.ts";
import { shared, streams } from "./generated.ts";
import { WireReader } from "./wire-reader.ts";
import { uuidIn } from "./wire-uuid.ts";
import { WrongRevision } from "./wrong-revision.ts";

/** What a server says of one append of many (`BatchAppendResp`). */
export interface BatchAnswer {
  /** UUID. */
  readonly correlationId: string;
  /** Undefined where it says anything but that it is stored. */
  readonly appended: Appended | undefined;
  /** As it came, in protobuf. */
  readonly message: Buffer;
}

/** What became of one append: done, refused, or not known. */
export type BatchOutcome =
  | { readonly kind: "done"; readonly appended: Appended }
  | { readonly kind: "failed"; readonly error: Error }
  | { readonly kind: "access denied"; readonly said: string }
  | { readonly kind: "unknown"; readonly said: string };

/** What is said of a single append while the leader changes, as it is said of a call (cluster.md). */
const AWAY = /Timeout|Not Ready|Too ?Busy|Is Busy|No leader info|Leader info/i;
const PACKAGE = "event_store.client.";

/**
 * Reads an answer: by hand, which takes a quarter of the time of the generated classes. Why something was refused they tell.
 * @throws RangeError where the message is cut short.
 */
export function batchAnswer(message: Buffer): BatchAnswer {
  const reader = new WireReader(message);
  let correlationId = "";
  let appended: Appended | undefined;
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 1) correlationId = uuidIn(reader.message());
    else if (field === 3) appended = appendedIn(reader.message());
    else reader.skip();
  }
  return { correlationId, appended, message };
}

function appendedIn(reader: WireReader): Appended {
  let revision = 0n;
  let position: bigint | undefined;
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 1) revision = reader.uint();
    else if (field === 3) position = numberIn(reader.message());
    else reader.skip();
  }
  return { revision, position };
}

/** The first field of a message, a number. */
function numberIn(reader: WireReader): bigint {
  let value = 0n;
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 1) value = reader.uint();
    else reader.skip();
  }
  return value;
}

/** What has become of the append that it answers. */
export function outcomeOf(
  { appended, message }: BatchAnswer,
  { stream, expected }: { readonly stream: string; readonly expected: ExpectedRevision },
): BatchOutcome {
  if (appended !== undefined) return { kind: "done", appended };
  const answer = streams.BatchAppendResp.deserializeBinary(message);
  const status = answer.getError();
  const details = status?.getDetails();
  const type = details?.getTypeName().replace(PACKAGE, "") ?? "";
  const said = [type, status?.getMessage()].filter((text) => text !== undefined && text !== "").join(": ");
  if (type === "WrongExpectedVersion") {
    const wrong = details?.unpack(shared.WrongExpectedVersion.deserializeBinary, details.getTypeName());
    const current = wrong?.hasCurrentStreamRevision() ? BigInt(wrong.getCurrentStreamRevision()) : undefined;
    return { kind: "failed", error: new WrongRevision(stream, expected, current) };
  }
  if (type === "MaximumAppendSizeExceeded") {
    const large = details?.unpack(shared.MaximumAppendSizeExceeded.deserializeBinary, details.getTypeName());
    return { kind: "failed", error: new AppendTooLarge(stream, large?.getMaxappendsize() ?? 0) };
  }
  if (type === "AccessDenied") return { kind: "access denied", said };
  if (status === undefined || AWAY.test(said)) return { kind: "unknown", said };
  return { kind: "failed", error: new Error(`The server has not stored an append to ${stream}: ${said}.`) };
}
