import type { MessageIdentity } from "../messages/definition.ts";
import type { MessageContext } from "../messages/message-context.ts";

const ID = "00000000-0000-4000-8000-000000000000";

/** A body as it comes out of a stream: JSON, or bytes. */
export function asRead(body: object): object {
  return body instanceof Uint8Array ? body : Object(JSON.parse(JSON.stringify(body)));
}

/** What a test's message tells of itself where the test says nothing. */
export const contextOf = ({ type, baseTypes }: MessageIdentity): MessageContext => ({
  messageId: ID,
  type,
  correlationId: ID,
  ...(baseTypes === undefined ? {} : { baseTypes }),
  headers: {},
});
