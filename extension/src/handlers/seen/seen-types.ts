import type { EventReader, Position, RecordedEvent } from "../../event-store/event-store.ts";
import type { MessageKind } from "../../workspace-model/declarations.ts";
import { countOf, type TypeCount } from "./type-count.ts";

/** A type of events that a server holds. */
export interface SeenType {
  readonly type: string;
  /** As its messages say; what says nothing was written by other programs, and tells what has happened. */
  readonly kind: MessageKind;
  readonly count: TypeCount;
}

/** How many of the newest events are looked through for their types. */
const LOOKED_AT = 2_000;
const PAGE = { limit: 500, maxBytes: 4 * 1024 * 1024 };
/** Types that are counted whole: each takes a call. */
const COUNTED = 40;

/** The types of a server's newest events, but for the server's own, the most frequent first. */
export async function seenTypes(reader: EventReader, signal: AbortSignal): Promise<readonly SeenType[]> {
  const seen = new Map<string, { kind: MessageKind; count: number }>();
  let from: Position | "end" = "end";
  let lastId: string | undefined;
  for (let looked = 0; looked < LOOKED_AT;) {
    const page = await reader.read(
      { all: true, filter: { on: "type", regex: "^[^$]" } },
      { ...PAGE, from, direction: "backwards", followsLinks: false, signal },
    );
    for (const { recorded } of page.entries) {
      // A page begins with what the one before has ended with.
      if (recorded.id === lastId) continue;
      const known = seen.get(recorded.type);
      if (known === undefined) seen.set(recorded.type, { kind: kindOf(recorded), count: 1 });
      else known.count += 1;
    }
    const last = page.entries.at(-1)?.recorded;
    if (page.isEnd || last === undefined) break;
    looked += page.entries.length;
    from = last.position;
    lastId = last.id;
  }
  const most = [...seen].toSorted(([one, a], [other, b]) => b.count - a.count || (one < other ? -1 : 1));
  return Promise.all(
    most.map(async ([type, { kind, count }], index) => {
      const whole = index < COUNTED ? await countOf(reader, type, signal) : undefined;
      return { type, kind, count: whole ?? { events: count, isWhole: false } };
    }),
  );
}

const INTENTS: ReadonlyMap<string, MessageKind> = new Map([
  ["Send", "command"],
  ["Publish", "event"],
  ["Reply", "reply"],
]);

function kindOf({ metadata }: RecordedEvent): MessageKind {
  try {
    const headers = Object(JSON.parse(new TextDecoder().decode(metadata))) as Readonly<Record<string, unknown>>;
    return INTENTS.get(String(headers["sluice.intent"])) ?? "event";
  } catch {
    return "event";
  }
}
