import { randomUUID } from "node:crypto";
import type { Headers, TransportMessage } from "../seam/index.ts";

/** What a case says of a message; all else has a default. */
export interface TestMessage {
  readonly id?: string;
  readonly type?: string;
  readonly headers?: Headers;
  /** Text is JSON, bytes are bytes. */
  readonly body?: string | Uint8Array;
}

export function testMessage({ id, type, headers, body = "{}" }: TestMessage = {}): TransportMessage {
  return {
    id: id ?? randomUUID(),
    type: type ?? "conformance.Message",
    headers: headers ?? {},
    body: typeof body === "string" ? new TextEncoder().encode(body) : body,
    isJson: typeof body === "string",
  };
}

export function testMessages(count: number, common: TestMessage = {}): readonly TransportMessage[] {
  return Array.from({ length: count }, () => testMessage(common));
}

export const idsOf = (messages: Iterable<{ readonly id: string }>): readonly string[] =>
  Array.from(messages, ({ id }) => id);
