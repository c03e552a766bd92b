import type { LogRecord } from "../../log/record.ts";
import { memberText } from "../member-text.ts";
import { recordText } from "../record-text.ts";

/** The event that made a projection write: what of it goes into the metadata of what is written. */
export interface Cause {
  readonly id: string;
  /** JSON text; absent where the event has none. */
  readonly correlationId?: string;
}

/** Undefined for an event that is gone: what it causes names no cause (golden `system-projections/by-category-links`). */
export function causeOf(event: LogRecord | undefined): Cause | undefined {
  if (event === undefined) return undefined;
  // Metadata count as JSON where the body does (golden `system-projections/by-correlation-id`).
  const correlationId = event.isJson ? correlationIdOf(event.metadata) : undefined;
  return correlationId === undefined ? { id: event.id } : { id: event.id, correlationId };
}

const CORRELATION_ID = Buffer.from('"$correlationId"');
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;

/**
 * Whether an event's metadata is a JSON object that ends behind a whole value, without its closing brace. The server looks for
 * a correlation id there, takes all other broken JSON for none, and fails on this with "Invalid JSON" (corrections 3.12).
 */
export function isCutShort({ isJson, metadata }: LogRecord): boolean {
  if (!isJson || metadata[0] !== OPENING_BRACE || metadata.at(-1) === CLOSING_BRACE) return false;
  const text = recordText(metadata).trimEnd();
  return !isJsonText(text) && isJsonText(`${text.replace(/,$/, "")}}`);
}

function isJsonText(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * A number becomes text; null, whose text is empty, is none, nor is the empty text itself; lists and objects are none (golden
 * `projection-output/emit-correlation`).
 */
function correlationIdOf(metadata: Uint8Array): string | undefined {
  // Every event that a projection handles comes here, and few have one: bytes are searched faster than text is made of them.
  if (!Buffer.from(metadata.buffer, metadata.byteOffset, metadata.length).includes(CORRELATION_ID)) return undefined;
  try {
    const json = recordText(metadata);
    const value = (JSON.parse(json) as { readonly $correlationId?: unknown } | null)?.$correlationId;
    const text = memberText(json, "$correlationId", value);
    return text === undefined || text === "" ? undefined : JSON.stringify(text);
  } catch {
    return undefined;
  }
}
