import type { Component, PartitionKey } from "../declare/component.ts";
import type { MessageContext } from "../messages/message-context.ts";
import type { Serializer } from "../messages/serializer.ts";
import type { TransportMessage } from "../messages/transport-message.ts";
import { bodyWith } from "../receive/received-message.ts";

/**
 * Makes the function that tells the partition key of a message, from the handler of its type or else from the component; undefined
 * where no message has any.
 */
export function laneOf(
  { handlers, options }: Component,
  serializer: Serializer,
): ((message: TransportMessage, context: MessageContext) => string | undefined) | undefined {
  const byType = new Map<string, PartitionKey<object>>();
  for (const { on, partitionKey } of handlers) if (partitionKey !== undefined) byType.set(on.type, partitionKey);
  const { partitionKey: ofAll } = options;
  if (byType.size === 0 && ofAll === undefined) return undefined;
  return ({ id, type, isJson, body: data }, context) => {
    const keyOf = byType.get(type) ?? ofAll;
    return keyOf?.(bodyWith(serializer, { id, type, isJson, data }, context), context);
  };
}
