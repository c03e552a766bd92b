import { printable } from "../terminal/printable.ts";

/** A body as a person reads it: JSON as it is stored, so that numbers keep their digits; else its bytes in Base64. Pure. */
export const bodyText = (body: Uint8Array, isJson: boolean): string =>
  isJson
    ? printable(Buffer.from(body).toString("utf8"))
    : `${body.length} bytes in Base64: ${Buffer.from(body).toString("base64")}`;

/** A body in what is said to programs: what it is as JSON, or Base64. Pure. */
export function bodyValue(body: Uint8Array, isJson: boolean): { readonly body: unknown } | { readonly base64: string } {
  const base64 = { base64: Buffer.from(body).toString("base64") };
  if (!isJson) return base64;
  try {
    return { body: JSON.parse(Buffer.from(body).toString("utf8")) };
  } catch {
    return base64;
  }
}
