/** A login and a password, as somebody claims them. */
export interface Credentials {
  readonly login: string;
  readonly password: string;
}

/** Long enough for any password, short enough to be hashed for strangers. */
const MAX_LENGTH = 1024;

/** Reads an `authorization` header of the scheme Basic (RFC 7617, UTF-8); undefined for whatever is none. */
export function parseBasic(header: string): Credentials | undefined {
  const encoded = /^basic +([A-Za-z0-9+/]+={0,2}) *$/i.exec(header)?.[1];
  if (encoded === undefined || encoded.length > MAX_LENGTH) return undefined;
  const text = utf8(Buffer.from(encoded, "base64"));
  const colon = text?.indexOf(":") ?? -1;
  if (text === undefined || colon < 1) return undefined;
  return { login: text.slice(0, colon), password: text.slice(colon + 1) };
}

function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
