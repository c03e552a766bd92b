import type { LogRecord } from "../log/record.ts";
import type { ResolvedRecord } from "../streams/results.ts";
import type { Encodable } from "./wire/message.ts";
import type { readEvent, recordedEvent } from "./wire/streams.ts";
import type { UuidIn } from "./wire/uuid.ts";

/** How the reader asked for ids: as text unless it said `structured`. */
export type UuidForm = "string" | "structured";

const idOf = (id: string, form: UuidForm): UuidIn => (form === "string" ? id : { structured: id });

/** A record as the protocol shows it. */
function recordedEventOf(record: LogRecord, form: UuidForm): Encodable<typeof recordedEvent> {
  return {
    id: idOf(record.id, form),
    streamIdentifier: record.stream,
    streamRevision: record.revision,
    preparePosition: record.position,
    commitPosition: record.position,
    metadata: [
      ["type", record.type],
      // 100-nanosecond ticks: more digits than a number holds, so they are put together as text.
      ["created", `${Math.trunc(record.created)}0000`],
      ["content-type", record.isJson ? "application/json" : "application/octet-stream"],
    ],
    customMetadata: record.metadata,
    data: record.data,
  };
}

/** An event, with the link that led to it, as reads and subscriptions deliver it. The position is the link's (golden reads/link-positions). */
export function readEventOf({ event, link }: ResolvedRecord, form: UuidForm): Encodable<typeof readEvent> {
  const original = link ?? event;
  return {
    event: event && recordedEventOf(event, form),
    link: link && recordedEventOf(link, form),
    position: original === undefined ? { case: "noPosition" } : { case: "commitPosition", value: original.position },
  };
}

export function uuidFormOf(
  option: { readonly content: { readonly case: UuidForm } | undefined } | undefined,
): UuidForm {
  return option?.content?.case ?? "string";
}
