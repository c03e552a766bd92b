import type { Connection } from "../connections/connection.ts";
import { DRAFT_KEYS } from "./event-draft.ts";
import type { DraftPlace } from "./draft-place.ts";
import { keyOf, type SeenEvents } from "./seen-events.ts";

/** Whether it takes events that were seen to say what may be written there. */
export function wantsSeen({ kind, path: [outermost] }: DraftPlace): boolean {
  return (kind === "value" && outermost === "type") || (kind === "key" && outermost !== undefined);
}

/**
 * What may be written at the place: names and texts, without quotes.
 * @param type of the event that is drafted, whose data have its members first
 */
export function draftOptions(
  { kind, path, siblings }: DraftPlace,
  type: string,
  connections: readonly Pick<Connection, "name">[],
  seen: SeenEvents | undefined,
): readonly string[] {
  const [outermost, ...inner] = path;
  if (kind === "key") {
    return namesAt(outermost, inner, type, seen).filter((name) => !siblings.includes(name));
  }
  if (path.length !== 1) return [];
  switch (outermost) {
    case "type":
      return seen?.types ?? [];
    case "connection":
      return connections.map(({ name }) => name);
    case "expectedRevision":
      return ["any", "no-stream", "stream-exists"];
    default:
      return [];
  }
}

function namesAt(
  outermost: string | undefined,
  inner: readonly string[],
  type: string,
  seen: SeenEvents | undefined,
): readonly string[] {
  if (outermost === undefined) return DRAFT_KEYS;
  const key = keyOf(inner);
  if (outermost === "data") {
    const ofType = seen?.data.get(type)?.get(key) ?? [];
    // Of a type that was not seen yet, what its neighbors have is the best guess.
    const ofAll = ofType.length > 0 ? ofType : [...(seen?.data.values() ?? [])].flatMap((each) => each.get(key) ?? []);
    return [...new Set(ofAll)];
  }
  if (outermost !== "metadata") return [];
  const usual = inner.length === 0 ? ["$correlationId", "$causationId"] : [];
  return [...new Set([...usual, ...(seen?.metadata.get(key) ?? [])])];
}
