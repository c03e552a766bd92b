import { randomUUID } from "node:crypto";
import type { MessageDispatcher, Operations } from "../../seam/index.ts";
import { headersOf } from "./attributes.ts";
import type { BusAttributes, BusDependencies, BusMessage } from "./bus-types.ts";
import type { Delivery } from "./delivery.ts";

/** Who sends: a handler on behalf of a delivery, or somebody outside of any. */
export interface Sender {
  readonly serializer: BusDependencies["messageSerializer"];
  readonly dispatcher: MessageDispatcher;
  /** Undefined outside of a handler, and when the bus has said what becomes of its message. */
  readonly delivery: Delivery | undefined;
}

/**
 * Sends a message of the bus: to one address, or to all who have subscribed to its type.
 * @throws InvalidName, InvalidHeader; outside of a handler also MessageTooLarge, ServerUnreachable, AccessRefused
 */
export async function sendMessage(
  { serializer, dispatcher, delivery }: Sender,
  message: BusMessage,
  attributes: Partial<BusAttributes> | undefined,
  destination: string | undefined,
): Promise<void> {
  const { $name: type } = message;
  const text = serializer.serialize(message);
  const headers = headersOf(attributes);
  const id = delivery?.idOf(type, destination ?? "", text, JSON.stringify(headers)) ?? randomUUID();
  const carried = { id, type, headers, body: Buffer.from(text), isJson: true };
  const operations: Operations =
    destination === undefined
      ? { multicast: [{ message: carried }] }
      : { unicast: [{ message: carried, destination }] };
  await (delivery === undefined ? dispatcher.dispatch(operations, { isNew: true }) : delivery.send(operations));
}
