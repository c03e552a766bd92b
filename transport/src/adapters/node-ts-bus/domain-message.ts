import { UnreadableMessage } from "../../index.ts";
import type { TransportMessage } from "../../seam/index.ts";
import type { BusDependencies, BusMessage } from "./bus-types.ts";

/**
 * What a handler gets of a received message. One that no bus has sent says its type beside its body, and not in it: then it is put
 * there, so that handlers and resolvers find it by name.
 * @throws UnreadableMessage
 */
export function domainMessageOf(
  message: TransportMessage,
  body: string,
  serializer: BusDependencies["messageSerializer"],
): BusMessage {
  try {
    const read: Partial<BusMessage> = serializer.deserialize(body);
    if (Array.isArray(read) || typeof read.$name === "string") return read as BusMessage;
    return serializer.deserialize(JSON.stringify({ $name: message.type, $version: 0, ...read }));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UnreadableMessage(message.id, message.type, `the bus's serializer does not read it: ${why}`);
  }
}
