import { hash } from "node:crypto";
import { InvalidName } from "../topology/invalid-name.ts";

const VARIANTS = "89ab";

/**
 * The id of an outgoing message: UUID version 5 (RFC 9562) of the incoming message's id and a name that is the same each time
 * that message is handled. So handling it again sends the same messages again, and receivers drop them by id.
 *
 * @param incomingId UUID of the message being handled, the namespace.
 * @param name tells apart who handles it (two components handle one event) and which of its messages this is.
 */
export function deriveId(incomingId: string, name: string): string {
  const named = Buffer.concat([Buffer.from(incomingId.replaceAll("-", ""), "hex"), Buffer.from(name, "utf8")]);
  const hex = hash("sha1", named, "hex");
  // The digit 13 says the version, and two bits of the digit 17 the variant.
  const variant = VARIANTS.charAt(Number.parseInt(hex.charAt(16), 16) & 3);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/**
 * Gives the ids of the messages that one handled message leads to. They derive from where a message goes, its type and how many of
 * these went there before, and not from its place among all: a retry that decides otherwise, and so sends another message, must
 * not send it under the id of the one before, since it would be dropped as a repeat.
 *
 * @param scope who handles it: the component, and the category where an aggregate of it does; and which of its handlers, where that
 *   one counts for itself ({@link handlerScope}).
 */
export function outgoingIds(incomingId: string, scope: string): (type: string, destination?: string) => string {
  const occurrences = new Map<string, number>();
  return (type, destination = "") => {
    const message = `${scope}/${destination}/${type}`;
    const occurrence = occurrences.get(message) ?? 0;
    occurrences.set(message, occurrence + 1);
    return deriveId(incomingId, `${message}/${occurrence}`);
  };
}

/**
 * The scope of one of several handlers of a component that take a message. Each counts for itself: what one sends must have the same
 * ids whatever the others decide when the message is handled again, and however fast they are.
 *
 * @param component the component, and the category where an aggregate of it handles.
 * @param on what it handles: the type of the message, or what that extends, or a namespace it is in.
 * @param place its place among those of the component that handle the same, from 0 on. A component that is upgraded keeps the ids of
 *   its handlers as long as this stays.
 */
export function handlerScope(component: string, type: string, on: string, place = 0): string {
  return on === type && place === 0 ? component : `${component}#${place}#${on}`;
}

/** Whether it is a UUID, and not the empty one. */
export const isMessageId = (id: unknown): id is string =>
  typeof id === "string" && /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(id) && !/^[0-]*$/.test(id);

/** Refuses what is no UUID: the server takes no other id for an event. @throws InvalidName */
export function requireMessageId(id: string): void {
  if (isMessageId(id)) return;
  throw new InvalidName("message id", id, "be a UUID, such as crypto.randomUUID() makes");
}
