import type { MessageContext } from "../messages/message-context.ts";
import { isNamespace, matches } from "../topology/pattern.ts";
import type { Component, HandlerEntry } from "./component.ts";
import type { DecideEntry, EventSourced } from "./event-sourced.ts";

/** What a component does with a message. */
export interface MatchingHandlers {
  /** Each with its place among those of the component that handle the same. */
  readonly plain: readonly { readonly entry: HandlerEntry; readonly place: number }[];
  readonly eventSourced: readonly { readonly source: EventSourced<unknown>; readonly entry: DecideEntry<unknown> }[];
}

interface Handlers extends MatchingHandlers {
  readonly plain: MatchingHandlers["plain"][number][];
  readonly eventSourced: MatchingHandlers["eventSourced"][number][];
}

interface Table {
  /** Of a type itself, or of all that extend it. */
  readonly byType: ReadonlyMap<string, Handlers>;
  readonly byNamespace: readonly (readonly [pattern: string, Handlers])[];
}

const tables = new WeakMap<Component, Table>();

/**
 * The handlers of a component that take a message: those of the type itself, then those of the types it extends, then those of
 * namespaces it is in; these are for events alone. Undefined where none does.
 */
export function matchingHandlers(
  component: Component,
  { type, baseTypes, intent = "Publish" }: Pick<MessageContext, "type" | "baseTypes" | "intent">,
): MatchingHandlers | undefined {
  const { byType, byNamespace } = tables.get(component) ?? tableOf(component);
  const namespaces = intent === "Publish" ? byNamespace : [];
  if (baseTypes === undefined && namespaces.length === 0) return byType.get(type);
  const found = [type, ...(baseTypes ?? [])].flatMap((of) => byType.get(of) ?? []);
  for (const [pattern, handlers] of namespaces) if (matches(pattern, type, baseTypes ?? [])) found.push(handlers);
  if (found.length < 2) return found[0];
  return {
    plain: found.flatMap(({ plain }) => plain),
    eventSourced: found.flatMap(({ eventSourced }) => eventSourced),
  };
}

function tableOf(component: Component): Table {
  const byType = new Map<string, Handlers>();
  const of = (type: string): Handlers => {
    const known = byType.get(type) ?? { plain: [], eventSourced: [] };
    byType.set(type, known);
    return known;
  };
  for (const entry of component.handlers) {
    const { plain } = of(entry.on.type);
    plain.push({ entry, place: plain.length });
  }
  for (const source of component.eventSourced) {
    for (const entry of source.entries) of(entry.on.type).eventSourced.push({ source, entry });
  }
  const table = { byType, byNamespace: [...byType].filter(([pattern]) => isNamespace(pattern)) };
  tables.set(component, table);
  return table;
}
