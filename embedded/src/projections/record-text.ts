const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Bytes of a record as text; what is not UTF-8 becomes replacement characters, a byte order mark stays. */
export function recordText(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}
