import type { Component, PartitionKey } from "../declare/component.ts";
import type { ReceivedMessage } from "../receive/received-message.ts";

/**
 * Makes the function that tells the partition key of a message, from the handler of its type or else from the component; undefined
 * where no message has any.
 */
export function laneOf({
  handlers,
  options,
}: Component): ((message: ReceivedMessage) => string | undefined) | undefined {
  const byType = new Map<string, PartitionKey<object>>();
  for (const { on, partitionKey } of handlers) if (partitionKey !== undefined) byType.set(on.type, partitionKey);
  const { partitionKey: ofAll } = options;
  if (byType.size === 0 && ofAll === undefined) return undefined;
  return ({ body, context }) => (byType.get(context.type) ?? ofAll)?.(body, context);
}
