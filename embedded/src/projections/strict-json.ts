/** Deeper than this the server's parser gives up. */
export const MAX_JSON_DEPTH = 64;

/**
 * Whether bytes are JSON as the standard has it, at most {@link MAX_JSON_DEPTH} levels deep. Bytes that are not UTF-8 pass within
 * texts, where the server reads replacement characters.
 *
 * Every event that a projection reads is checked, so this looks at the bytes where they lie and makes nothing of them: two
 * thirds of what decoding and `JSON.parse` take, and no garbage.
 */
export function isStrictJson(bytes: Uint8Array): boolean {
  return gap(bytes, value(bytes, gap(bytes, 0), 0)) === bytes.length;
}

/* Each of these takes the place where something begins and answers where it ended, or -1 where it is not what it should be. */

function value(bytes: Uint8Array, at: number, depth: number): number {
  switch (bytes[at]) {
    case 0x22:
      return text(bytes, at + 1);
    case 0x7b:
      return depth < MAX_JSON_DEPTH ? members(bytes, at + 1, depth + 1, true) : -1;
    case 0x5b:
      return depth < MAX_JSON_DEPTH ? members(bytes, at + 1, depth + 1, false) : -1;
    case 0x74:
      return word(bytes, at, TRUE);
    case 0x66:
      return word(bytes, at, FALSE);
    case 0x6e:
      return word(bytes, at, NULL);
    default:
      return number(bytes, at);
  }
}

function members(bytes: Uint8Array, start: number, depth: number, isObject: boolean): number {
  const closing = isObject ? 0x7d : 0x5d;
  let at = gap(bytes, start);
  if (bytes[at] === closing) return at + 1;
  for (;;) {
    if (isObject) {
      if (bytes[at] !== 0x22) return -1;
      at = text(bytes, at + 1);
      if (at < 0) return -1;
      at = gap(bytes, at);
      if (bytes[at] !== 0x3a) return -1;
      at = gap(bytes, at + 1);
    }
    at = value(bytes, at, depth);
    if (at < 0) return -1;
    at = gap(bytes, at);
    if (bytes[at] === closing) return at + 1;
    if (bytes[at] !== 0x2c) return -1;
    at = gap(bytes, at + 1);
  }
}

function text(bytes: Uint8Array, start: number): number {
  let at = start;
  for (;;) {
    // Behind the last byte lies nothing, which is not plain either.
    while (PLAIN[bytes[at] as number] === 1) at++;
    const byte = bytes[at];
    if (byte === 0x22) return at + 1;
    if (byte !== 0x5c) return -1;
    const escaped = bytes[at + 1];
    at += 2;
    if (escaped === 0x75) {
      for (const end = at + 4; at < end; at++) if (!isHex(bytes[at])) return -1;
    } else if (escaped === undefined || !ESCAPES.has(escaped)) return -1;
  }
}

function number(bytes: Uint8Array, start: number): number {
  let at = bytes[start] === 0x2d ? start + 1 : start;
  if (bytes[at] === 0x30) at++;
  else {
    at = digits(bytes, at);
    if (at < 0) return -1;
  }
  if (bytes[at] === 0x2e) {
    at = digits(bytes, at + 1);
    if (at < 0) return -1;
  }
  if (bytes[at] === 0x65 || bytes[at] === 0x45) {
    at++;
    if (bytes[at] === 0x2b || bytes[at] === 0x2d) at++;
    at = digits(bytes, at);
  }
  return at;
}

/** At least one digit. */
function digits(bytes: Uint8Array, start: number): number {
  let at = start;
  while (isDigit(bytes[at])) at++;
  return at > start ? at : -1;
}

function word(bytes: Uint8Array, start: number, expected: readonly number[]): number {
  for (let i = 0; i < expected.length; i++) if (bytes[start + i] !== expected[i]) return -1;
  return start + expected.length;
}

function gap(bytes: Uint8Array, start: number): number {
  let at = start;
  for (;;) {
    const byte = bytes[at];
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return at;
    at++;
  }
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

function isHex(byte: number | undefined): boolean {
  return isDigit(byte) || (byte !== undefined && (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66);
}

const codes = (text: string): readonly number[] => [...text].map((char) => char.charCodeAt(0));
const TRUE = codes("true");
const FALSE = codes("false");
const NULL = codes("null");
const ESCAPES = new Set(codes('"\\/bfnrt'));
/** 1 for each byte that stands for itself within a text. */
const PLAIN = Uint8Array.from({ length: 256 }, (_, byte) => (byte < 0x20 || byte === 0x22 || byte === 0x5c ? 0 : 1));
