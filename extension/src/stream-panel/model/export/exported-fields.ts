import type { RecordedEvent, StreamEntry } from "../../../event-store/event-store.ts";
import { base64Of, contentOf, textOf } from "../../../events/content.ts";
import { isJsonText } from "../../../events/json/is-json.ts";
import { eventOf } from "../../../events/link.ts";
import { tokensOf } from "../../../events/json/tokens.ts";

/** What is exported of an event beside its bodies, the link by which it was found included. */
export function exportedFields(entry: StreamEntry): Readonly<Record<string, string | boolean | null>> {
  const event = eventOf(entry);
  const { recorded } = entry;
  return {
    id: event.id,
    type: event.type,
    stream: event.stream,
    revision: String(event.revision),
    commit: String(event.position.commit),
    prepare: String(event.position.prepare),
    created: createdOf(event),
    link: entry.target === undefined ? null : `${recorded.revision}@${recorded.stream}`,
  };
}

/** A body as a JSON value: as it was written where it is JSON, as a string where it is text, else as base64. */
export function exportedBody(bytes: Uint8Array, isJson: boolean): string {
  const content = contentOf(bytes, isJson);
  if (content === "empty") {
    return "null";
  }
  const text = textOf(bytes);
  if (text === undefined || content === "binary") {
    return `{"base64":${JSON.stringify(base64Of(bytes))}}`;
  }
  // On one line: line breaks between its tokens would end a line of NDJSON.
  return content === "json" && isJsonText(text)
    ? [...tokensOf(text)].map(({ text }) => text).join("")
    : JSON.stringify(text);
}

function createdOf({ created }: RecordedEvent): string | null {
  return Number.isNaN(created) ? null : new Date(created).toISOString();
}
