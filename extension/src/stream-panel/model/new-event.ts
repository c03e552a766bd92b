import type { ExpectedRevision, NewEvent } from "../../event-store/event-store.ts";
import { isJsonText } from "./json/is-json.ts";
import { integer64 } from "./place.ts";

/** An event as it is typed in. */
export interface EventDraft {
  readonly type: string;
  /** JSON, as it shall be stored. */
  readonly data: string;
  /** JSON, or nothing. */
  readonly metadata: string;
  readonly id: string;
  /** `any`, `no-stream`, `stream-exists`, or the number of the stream's last event. */
  readonly expected: string;
}

export type DraftProblem = "no-type" | "no-json" | "no-object" | "no-uuid" | "no-expectation";

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** What is wrong with one part of a draft; undefined where nothing is. */
export function draftProblem(part: keyof EventDraft, text: string): DraftProblem | undefined {
  switch (part) {
    case "type":
      return text.trim() === "" ? "no-type" : undefined;
    case "data":
      return isJsonText(text) ? undefined : "no-json";
    case "metadata":
      return metadataProblem(text.trim());
    case "id":
      return UUID.test(text.trim()) ? undefined : "no-uuid";
    case "expected":
      return expectedRevision(text) === undefined ? "no-expectation" : undefined;
  }
}

function metadataProblem(text: string): DraftProblem | undefined {
  if (text === "") {
    return undefined;
  }
  return !isJsonText(text) ? "no-json" : text.startsWith("{") ? undefined : "no-object";
}

/** Undefined for what says none. */
export function expectedRevision(text: string): ExpectedRevision | undefined {
  const wanted = text.trim();
  if (wanted === "any" || wanted === "no-stream" || wanted === "stream-exists") {
    return wanted;
  }
  return /^\d{1,19}$/.test(wanted) ? integer64(wanted) : undefined;
}

/** The event of a draft without problems: what was typed, byte for byte, so that numbers keep their digits. */
export function newEventOf({ type, data, metadata, id }: EventDraft): NewEvent {
  const encoder = new TextEncoder();
  return {
    id: id.trim(),
    type: type.trim(),
    isJson: true,
    data: encoder.encode(data),
    metadata: encoder.encode(metadata.trim()),
  };
}
