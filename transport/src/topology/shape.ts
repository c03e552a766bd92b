import { type Pattern, withDerived } from "./pattern.ts";

/** From when on: what comes from now on, or all of history first. */
export type From = "now" | "start";

/** What a component is to the others, as plain data: enough to plan, draw and compare what is deployed for it. */
export interface ComponentShape {
  readonly name: string;
  /** Types of the commands it handles. */
  readonly commands: readonly string[];
  /** Types of the replies it handles. */
  readonly replies: readonly string[];
  /** What it subscribes to. */
  readonly events: Readonly<Record<Pattern, From>>;
  /**
   * Categories of its aggregates and process managers. Where a category has events already, `from` says whether these are
   * published, too.
   */
  readonly categories: Readonly<Record<string, From>>;
  /** Milliseconds after which the server hands out again what was not settled. */
  readonly messageTimeout: number;
}

/** Milliseconds; where a component says nothing else. */
export const DEFAULT_MESSAGE_TIMEOUT = 30_000;

/** A message that a component handles, by itself or by what it owns. */
export interface HandledMessage {
  readonly kind: "command" | "event" | "reply";
  readonly type: string;
  readonly isBase?: boolean;
  /** Default `now`. Of several handlers of one event, one that wants history gets it for all. */
  readonly from?: From;
}

/** A component as it is declared, be that read from a running process or from sources. */
export type DeclaredComponent = Pick<ComponentShape, "name" | "categories" | "messageTimeout"> & {
  /** In the order of their declaration. */
  readonly handles: readonly HandledMessage[];
};

/** What a declaration is to others: it subscribes to the events it handles. */
export function shapeFrom({ name, handles, categories, messageTimeout }: DeclaredComponent): ComponentShape {
  const events: Record<Pattern, From> = {};
  const others = { command: new Set<string>(), reply: new Set<string>() };
  for (const { kind, type, isBase = false, from = "now" } of handles) {
    const pattern = isBase ? withDerived(type) : type;
    if (kind !== "event") others[kind].add(type);
    else if (events[pattern] !== "start") events[pattern] = from;
  }
  return {
    name,
    commands: [...others.command].toSorted(),
    replies: [...others.reply].toSorted(),
    events,
    categories,
    messageTimeout,
  };
}
