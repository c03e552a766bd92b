import type { NewRecord } from "../log/record.ts";
import { handlerException, requiredMetadataMissing } from "./errors.ts";
import type { Decoded } from "./wire/message.ts";
import type { proposedMessage } from "./wire/streams.ts";

const UUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/;
const NIL = "00000000-0000-0000-0000-000000000000";

/**
 * The longest name of a stream or an event type, in characters. Some 60,000 are recorded (golden streams/long-names);
 * there is no use for more.
 */
const LONGEST_NAME = 65_535;

/** Bytes that one append may keep in memory, metadata and all. Far above what a record can hold (spec 1.6). */
export const MAX_APPEND_WEIGHT = 32 * 1024 * 1024;

/** The id in lower case (golden streams/odd-event-ids); undefined for what is no UUID, or the one of zeros. */
export function uuidOf(text: string): string | undefined {
  const lower = text.toLowerCase();
  if (!UUID.test(lower)) return undefined;
  const digits = lower.length === 32 ? lower : lower.replaceAll("-", "");
  const id = `${digits.slice(0, 8)}-${digits.slice(8, 12)}-${digits.slice(12, 16)}-${digits.slice(16, 20)}-${digits.slice(20)}`;
  return id === NIL ? undefined : id;
}

function required(metadata: ReadonlyMap<string, string>, key: string): string {
  const value = metadata.get(key);
  if (value === undefined) throw requiredMetadataMissing(key);
  return value;
}

/** The record that a proposed message asks for. Throws a `CallFailure` for one that cannot be stored. */
export function newRecordOf(proposed: Decoded<typeof proposedMessage>): NewRecord {
  const type = required(proposed.metadata, "type");
  const isJson = required(proposed.metadata, "content-type") === "application/json";
  const id = uuidOf(proposed.id ?? "");
  if (id === undefined || !isWritableType(type)) throw handlerException();
  return { id, type, isJson, data: proposed.data, metadata: proposed.customMetadata };
}

/**
 * Whether a stream of this name can be written. `$$` is refused: the real server takes it for the metadata
 * of a stream without a name, and fails at the next write (corrections 1.9).
 */
export function isWritableStreamName(stream: string): boolean {
  return stream !== "" && stream !== "$$" && stream.length <= LONGEST_NAME;
}

/** Whether events can have this type. */
export function isWritableType(type: string): boolean {
  return type !== "" && type.length <= LONGEST_NAME;
}
