/** What the bytes of a body turn out to be, whatever they were written as. */
export type Content = "empty" | "json" | "text" | "binary";

/** Enough to tell text from anything else; bodies of megabytes are not decoded to show a row. */
const LOOKED_AT = 512;

export function contentOf(bytes: Uint8Array, isJson: boolean): Content {
  if (bytes.length === 0) {
    return "empty";
  }
  const text = decodedStart(bytes, LOOKED_AT);
  if (text === undefined || hasControls(text)) {
    return "binary";
  }
  return isJson ? "json" : "text";
}

/** No text that a person wrote has control characters but those that lay it out. */
function hasControls(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 0x20 && (code < 0x09 || code > 0x0d)) {
      return true;
    }
  }
  return false;
}

/** The text that the first bytes are, without a character that was cut in half; undefined where it is no UTF-8. */
export function decodedStart(bytes: Uint8Array, atMost: number): string | undefined {
  const isCut = bytes.length > atMost;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(0, atMost), { stream: isCut });
  } catch {
    return undefined;
  }
}

/** The text that all of the bytes are; undefined where they are no UTF-8, however they begin. */
export function textOf(bytes: Uint8Array): string | undefined {
  return decodedStart(bytes, bytes.length);
}

export function base64Of(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) {
    binary += String.fromCharCode(byte);
  }
  return btoa(binary);
}

/** Offset, sixteen bytes, and what is printable of them, as every hex dump has it. */
export function hexDump(bytes: Uint8Array, atMost: number): string {
  const lines: string[] = [];
  const shown = bytes.subarray(0, atMost);
  for (let offset = 0; offset < shown.length; offset += 16) {
    const part = [...shown.subarray(offset, offset + 16)];
    const hex = part.map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
    const printable = part.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : ".")).join("");
    lines.push(`${offset.toString(16).padStart(8, "0")}  ${hex.padEnd(47)}  ${printable}`);
  }
  return lines.join("\n");
}
