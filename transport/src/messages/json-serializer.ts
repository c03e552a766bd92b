import { InvalidBody } from "./invalid-body.ts";
import type { SerializedBody, Serializer } from "./serializer.ts";

/** Bodies as JSON; a `Uint8Array` as the bytes it is. The serializer of every endpoint that names no other. */
export const jsonSerializer: Serializer = Object.freeze({
  serialize(body: object, { type }: { readonly type: string }): SerializedBody {
    // A copy: the sender may go on to write into his bytes.
    if (body instanceof Uint8Array) return { data: Uint8Array.from(body), isJson: false };
    return { data: Buffer.from(toJson(type, body)), isJson: true };
  },

  deserialize({ data, isJson }: SerializedBody): object {
    if (!isJson) return data;
    const body: unknown = JSON.parse(Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("utf8"));
    if (typeof body === "object" && body !== null) return body;
    throw new SyntaxError(`it is no JSON object or array, but ${JSON.stringify(body)}`);
  },
});

/** A text, a number or null would be valid JSON, but no body: a body can grow by what a later version adds to it. */
function toJson(type: string, body: unknown): string {
  if (typeof body !== "object" || body === null) {
    throw new InvalidBody(type, `it is ${body === null || body === undefined ? body : `a ${typeof body}`}`);
  }
  let text: string | undefined;
  try {
    text = JSON.stringify(body);
  } catch (cause) {
    throw new InvalidBody(type, "it is not JSON", { cause });
  }
  if (text === undefined || (text[0] !== "{" && text[0] !== "["))
    throw new InvalidBody(type, "its toJSON gives no object");
  return text;
}
