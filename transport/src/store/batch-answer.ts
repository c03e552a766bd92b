import type { Appended } from "./append.ts";
import { AppendTooLarge } from "./append-too-large.ts";
import type { ExpectedRevision } from "./event.ts";
import { shared, type streams } from "./generated.ts";
import { WrongRevision } from "./wrong-revision.ts";

type Answer = InstanceType<typeof streams.BatchAppendResp>;

/** What became of one append: done, refused, or not known. */
export type BatchOutcome =
  | { readonly kind: "done"; readonly appended: Appended }
  | { readonly kind: "failed"; readonly error: Error }
  | { readonly kind: "access denied"; readonly said: string }
  | { readonly kind: "unknown"; readonly said: string };

/** What is said of a single append while the leader changes, as it is said of a call (cluster.md). */
const AWAY = /Timeout|Not Ready|Too ?Busy|Is Busy|No leader info|Leader info/i;
const PACKAGE = "event_store.client.";

/** Reads an answer. */
export function outcomeOf(
  answer: Answer,
  { stream, expected }: { readonly stream: string; readonly expected: ExpectedRevision },
): BatchOutcome {
  const success = answer.getSuccess();
  if (success !== undefined) {
    const position = success.getPosition()?.getCommitPosition();
    return {
      kind: "done",
      appended: {
        revision: BigInt(success.getCurrentRevision()),
        position: position === undefined ? undefined : BigInt(position),
      },
    };
  }
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

/** A UUID as text, in whichever of its two forms the server writes it. */
export function uuidOf(id: InstanceType<typeof shared.UUID> | undefined): string {
  const halves = id?.getStructured();
  if (halves === undefined) return id?.getString() ?? "";
  const hex = [halves.getMostSignificantBits(), halves.getLeastSignificantBits()]
    .map((half) => BigInt.asUintN(64, BigInt(half)).toString(16).padStart(16, "0"))
    .join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
