import type { LogRecord } from "../log/record.ts";
import { TOMBSTONE_REVISION } from "../log/record.ts";

export const LINK_TYPE = "$>";

/** Where a link leads. A revision of -1 means the last event of the stream. */
export interface LinkTarget {
  readonly stream: string;
  readonly revision: number;
}

const LARGEST = 2n ** 63n - 1n;

/**
 * Reads the text of a link, `N@stream`, as the server's own number parser does: blanks around the number, a sign and
 * leading zeros are fine, anything else is not (corrections 1.9). Undefined for what is no link.
 */
export function parseLink(record: LogRecord): LinkTarget | undefined {
  if (record.type !== LINK_TYPE) return undefined;
  const text = Buffer.from(record.data.buffer, record.data.byteOffset, record.data.length).toString("utf8");
  const at = text.indexOf("@");
  if (at < 0) return undefined;
  // Zeros and signs apart, more digits than these are too many anyway, and a million of them take a while to read.
  const [, sign, digits] = /^\s*([+-]?)0*(\d{1,19})\s*$/.exec(text.slice(0, at)) ?? [];
  if (digits === undefined) return undefined;
  const revision = BigInt(`${sign === "-" ? "-" : ""}${digits}`);
  if (revision > LARGEST || revision < -LARGEST - 1n) return undefined;
  return {
    stream: text.slice(at + 1),
    revision: revision > TOMBSTONE_REVISION ? TOMBSTONE_REVISION : Number(revision),
  };
}
