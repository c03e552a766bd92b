import type { ParkedMessage } from "@sluice/transport/deploy";
import { bodyValue } from "./body-text.ts";

/** A parked message as programs are told of it: its body as JSON, or as Base64 where it is none. Pure. */
export function parkedValue({ message, ...told }: ParkedMessage): object {
  if (message === undefined) return { ...told, message: null };
  const { body, isJson, ...head } = message;
  return { ...told, message: { ...head, ...bodyValue(body, isJson) } };
}
