import type { MessageIdentity, MessageKind } from "./definition.ts";

const KINDS: ReadonlySet<MessageKind | undefined> = new Set(["command", "event", "reply"]);

/**
 * Refuses what is no definition, which the compiler does in TypeScript and nobody in JavaScript.
 * @throws TypeError
 */
export function requireDefinition(definition: MessageIdentity): void {
  if (KINDS.has((definition as Partial<MessageIdentity> | undefined)?.kind)) return;
  throw new TypeError(
    `${whatIs(definition)} is no message definition. Declare one by command, event or reply. Call it once more to say the body: event("sales.OrderPlaced")(), or with a schema.`,
  );
}

const whatIs = (given: unknown): string =>
  typeof given === "function" ? "A message whose body nobody has said" : (JSON.stringify(given) ?? String(given));
