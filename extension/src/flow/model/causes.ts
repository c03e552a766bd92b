import type { FlowEvent } from "../schemas.ts";

/** What is odd about where an event says it comes from; nothing of it keeps it from being shown. */
export type Problem =
  /** No event of the conversation, as far as it was read, is the message that it says has caused it. */
  | { readonly kind: "missing-cause"; readonly id: string }
  /** Several events are that message; these are not shown as its cause. */
  | { readonly kind: "several-causes"; readonly keys: readonly string[] }
  /** It would be among its own causes. */
  | { readonly kind: "cycle"; readonly id: string }
  /** It lies before its cause in the log. */
  | { readonly kind: "before-its-cause" }
  /** It was stored after its cause, and its time is an earlier one: the servers' clocks differ. */
  | { readonly kind: "clocks-differ" };

/** An event with what has led to it. */
export interface CausedEvent {
  readonly event: FlowEvent;
  /** The key of the event that has led to it. */
  readonly cause: string | undefined;
  /** A handler has sent it; it is a copy for a retry; a person has made it of another one. Undefined for the first. */
  readonly way: "handled" | "copied" | "edited" | undefined;
  /** From its cause being stored to itself being stored, in milliseconds; undefined without a cause. */
  readonly latency: number | undefined;
  readonly problems: readonly Problem[];
}

/** Each event once, in the order of the log, with its cause. No chain of causes comes back to where it began. */
export function causesOf(events: readonly FlowEvent[]): readonly CausedEvent[] {
  const ordered = inLogOrder(events);
  const places = new Map(ordered.map(({ key }, place) => [key, place]));
  const byMessage = Map.groupBy(ordered, ({ messageId }) => messageId);
  const causes = new Map<string, string>();
  return ordered.map((event, place): CausedEvent => {
    const { id, way } = saidCause(event, byMessage);
    if (id === undefined || way === undefined) return first(event, []);
    const candidates = candidatesFor(event, id, way, byMessage);
    const placeOf = ({ key }: FlowEvent): number => places.get(key) ?? 0;
    // A copy for a retry is handled later than its original: the nearest before is what was handled.
    const cause = candidates.findLast((candidate) => placeOf(candidate) < place) ?? candidates[0];
    if (cause === undefined) return first(event, [{ kind: "missing-cause", id }]);
    if (leadsTo(cause.key, event.key, causes)) return first(event, [{ kind: "cycle", id }]);
    causes.set(event.key, cause.key);
    const others = candidates.filter(({ key, id: own }) => key !== cause.key && own === cause.id);
    const isBefore = placeOf(cause) > place;
    const latency = event.created - cause.created;
    return {
      event,
      cause: cause.key,
      way,
      latency,
      problems: [
        ...(others.length === 0 ? [] : [{ kind: "several-causes", keys: others.map(({ key }) => key) } as const]),
        ...(isBefore ? [{ kind: "before-its-cause" } as const] : []),
        ...(!isBefore && latency < 0 ? [{ kind: "clocks-differ" } as const] : []),
      ],
    };
  });
}

export function inLogOrder(events: readonly FlowEvent[]): readonly FlowEvent[] {
  const unique = new Map(events.map((event) => [event.key, event]));
  return [...unique.values()].sort(
    (one, other) =>
      compareDecimals(one.commit, other.commit) ||
      compareDecimals(one.prepare, other.prepare) ||
      compareDecimals(one.revision, other.revision) ||
      (one.key < other.key ? -1 : 1),
  );
}

type ByMessage = ReadonlyMap<string, readonly FlowEvent[]>;

function saidCause(event: FlowEvent, byMessage: ByMessage): { id?: string; way?: CausedEvent["way"] } {
  const { id, messageId, editOf, causationId } = event;
  if (editOf !== undefined && byMessage.has(editOf)) return { id: editOf, way: "edited" };
  // A copy keeps the headers of its original, whose cause is not what has led to it.
  if (messageId !== id && byMessage.get(messageId)?.some((other) => other.id === messageId) === true) {
    return { id: messageId, way: "copied" };
  }
  // Some write the first message's own id there.
  if (causationId === undefined || causationId === messageId || causationId === id) return {};
  return { id: causationId, way: "handled" };
}

function candidatesFor(
  event: FlowEvent,
  id: string,
  way: CausedEvent["way"],
  byMessage: ByMessage,
): readonly FlowEvent[] {
  return (byMessage.get(id) ?? []).filter(
    ({ key, id: own, messageId }) => key !== event.key && (way !== "copied" || own === messageId),
  );
}

function leadsTo(from: string, to: string, causes: ReadonlyMap<string, string>): boolean {
  for (let at: string | undefined = from; at !== undefined; at = causes.get(at)) if (at === to) return true;
  return false;
}

function first(event: FlowEvent, problems: readonly Problem[]): CausedEvent {
  return { event, cause: undefined, way: undefined, latency: undefined, problems };
}

/** Both without sign and leading zeros, so that the longer one is the greater. */
function compareDecimals(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : Number(a > b));
}
