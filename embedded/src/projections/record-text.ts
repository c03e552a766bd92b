/** Bytes of a record as text; what is not UTF-8 becomes replacement characters, a byte order mark stays. */
export function recordText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8");
}
