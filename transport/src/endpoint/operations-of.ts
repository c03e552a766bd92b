import type { OutgoingMessage } from "../messages/outgoing-message.ts";
import type { Operations } from "../seam/operations.ts";

/** What a transport is asked for, so that a message leaves. */
export function operationsOf(outgoing: OutgoingMessage, isolated = false): Operations {
  const { message, destination, deliverAt, discardAfter, baseTypes } = outgoing;
  const operation = { message, isolated, ...(discardAfter === undefined ? {} : { discardAfter }) };
  if (destination === undefined)
    return { multicast: [baseTypes === undefined ? operation : { ...operation, baseTypes }] };
  return { unicast: [{ ...operation, destination, ...(deliverAt === undefined ? {} : { deliverAt }) }] };
}
