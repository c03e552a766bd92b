import { Unrecoverable } from "../../index.ts";
import type { TransportMessage } from "../../seam/index.ts";

/** What is said in bytes: bytes as they are, all else as JSON. */
export function bodyOf(said: unknown): Pick<TransportMessage, "body" | "isJson"> {
  if (said instanceof Uint8Array) return { body: said, isJson: false };
  return { body: Buffer.from(JSON.stringify(said) ?? "null"), isJson: true };
}

/** What the bytes say. @throws Unrecoverable where they call themselves JSON and are none. */
export function saidIn({ body, isJson, id, type }: TransportMessage): unknown {
  if (!isJson) return Buffer.from(body);
  try {
    return JSON.parse(Buffer.from(body).toString("utf8"));
  } catch (error) {
    throw new Unrecoverable(`The body of message ${id} of type ${type} is no JSON.`, { cause: error });
  }
}
