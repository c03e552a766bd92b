import { InvalidName } from "./invalid-name.ts";

/**
 * Refuses what cannot be the type of a message. It is the key of a handler in a generated script, where a name that begins with `$`
 * means something else (spec 3.1).
 * @throws InvalidName
 */
export function requireMessageType(type: string): void {
  if (typeof type === "string" && type.length <= 200 && /^[A-Za-z][A-Za-z0-9._:/+-]*$/.test(type)) return;
  throw new InvalidName(
    "message type",
    type,
    "begin with a letter and go on with letters, digits and . _ : / + - (at most 200), such as sales.OrderPlaced",
  );
}
