import { createHash } from "node:crypto";

/**
 * The id of an outgoing message: UUID version 5 (RFC 9562) of the incoming message's id and a name that is the same each time
 * that message is handled. So handling it again sends the same messages again, and receivers drop them by id.
 *
 * @param incomingId UUID of the message being handled, the namespace.
 * @param name tells apart who handles it (two components handle one event) and which of its messages this is.
 */
export function deriveId(incomingId: string, name: string): string {
  const hash = createHash("sha1")
    .update(Buffer.from(incomingId.replaceAll("-", ""), "hex"))
    .update(name, "utf8")
    .digest();
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x50, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = hash.toString("hex", 0, 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
