import type { NewRecord } from "../log/record.ts";
import type { RoutedRecord } from "../streams/results.ts";
import { invalidArgument } from "./errors.ts";
import { isWritableStreamName, isWritableType, uuidOf } from "./proposal.ts";
import { recordTooLarge } from "./v2-errors.ts";
import type { Decoded } from "./wire/message.ts";
import type { appendRecord } from "./wire/v2-streams.ts";

/**
 * The event that a record of the second protocol asks for. Its properties become the JSON metadata, beside what is said
 * of its schema (spec 4.2); one without an id is given one. Throws a `CallFailure` for one that cannot be stored.
 */
export function routedRecordOf(
  record: Decoded<typeof appendRecord>,
  stream: string,
  newId: () => string,
  maxSize: number,
): RoutedRecord {
  const { schema, recordId, data, properties } = record;
  if (!isWritableStreamName(stream)) throw invalidArgument(`"${stream}" cannot be the name of a stream.`);
  const type = schema?.name ?? "";
  if (!isWritableType(type)) throw invalidArgument("A record needs the name of its schema: the type of the event.");
  const format = schema?.format ?? "unspecified";
  if (format === "unspecified") throw invalidArgument("A record needs the format of its schema, such as JSON.");
  const id = recordId === "" ? newId() : uuidOf(recordId);
  if (id === undefined) throw invalidArgument(`"${recordId}" is no id for a record: it has to be a UUID.`);
  if (data.length > maxSize) throw recordTooLarge(stream, recordId, data.length, maxSize);
  const metadata = { ...Object.fromEntries(properties), ...schemaProperties(type, format, schema?.id ?? "") };
  const event: NewRecord = {
    id,
    type,
    isJson: format === "Json",
    data,
    metadata: Buffer.from(JSON.stringify(metadata)),
  };
  return { stream, event };
}

function schemaProperties(name: string, format: string, id: string): Record<string, string> {
  return { "$schema.name": name, "$schema.format": format, ...(id === "" ? {} : { "$schema.id": id }) };
}
