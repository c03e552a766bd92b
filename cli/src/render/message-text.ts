import type { RawEvent } from "../server/raw-events.ts";
import type { Paint } from "../terminal/paint.ts";
import { oneLine } from "../terminal/printable.ts";
import { bodyText, bodyValue } from "./body-text.ts";

/** A message on one line: when, what, where, and its body. Pure. */
export function messageText(event: RawEvent, paint: Paint): string {
  const { created, type, stream, revision, data, isJson } = event;
  const time = created.toISOString().slice(11, 23);
  return `${paint("dim", time)} ${paint("bold", oneLine(type))} ${paint("dim", `${revision}@${oneLine(stream)}`)} ${oneLine(bodyText(data, isJson))}`;
}

/** A message as programs are told of it. Pure. */
export function messageValue({ stream, revision, id, type, created, isJson, data, metadata }: RawEvent): object {
  const headers = bodyValue(metadata, true);
  return {
    stream,
    revision,
    id,
    type,
    created,
    ...("body" in headers ? { headers: headers.body } : {}),
    ...bodyValue(data, isJson),
  };
}
