import { eventOf } from "../../../events/link.ts";
import type { Encoder } from "./encoder.ts";
import { exportedBody, exportedFields } from "./exported-fields.ts";

const COLUMNS = ["id", "type", "stream", "revision", "commit", "prepare", "created", "link"] as const;

/** As RFC 4180 has it, bodies as JSON in one field each. */
export const csvEncoder: Encoder = {
  head: `${[...COLUMNS, "data", "metadata"].join(",")}\r\n`,
  entry(entry) {
    const event = eventOf(entry);
    const fields = exportedFields(entry);
    const values = [
      ...COLUMNS.map((name) => String(fields[name] ?? "")),
      exportedBody(event.data, event.isJson),
      exportedBody(event.metadata, true),
    ];
    return `${values.map(fieldOf).join(",")}\r\n`;
  },
  tail: "",
};

/**
 * A spreadsheet takes what begins with one of these for a formula, and an event's type or stream may be anybody's text:
 * a quote in front keeps it text.
 */
function fieldOf(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
