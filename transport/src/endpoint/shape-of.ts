import type { Component } from "../declare/component.ts";
import type { SubscribeOptions } from "../declare/subscribe-options.ts";
import { DuplicateDeclaration } from "../declare/duplicate-declaration.ts";
import type { MessageIdentity } from "../messages/definition.ts";
import { type Pattern, withDerived } from "../topology/pattern.ts";
import type { ComponentShape, From } from "../topology/shape.ts";

/** What a component is to the others, as plain data: it subscribes to the events it handles. */
export function shapeOf({ name, options, handlers, eventSourced }: Component): ComponentShape {
  const events: Record<Pattern, From> = {};
  const others = { command: new Set<string>(), reply: new Set<string>() };
  const take = (on: MessageIdentity, { from = "now" }: SubscribeOptions): void => {
    if (on.kind !== "event") others[on.kind].add(on.type);
    else if (events[patternOf(on)] !== "start") events[patternOf(on)] = from;
  };
  for (const handler of handlers) take(handler.on, handler.options);
  for (const source of eventSourced) for (const entry of source.entries) take(entry.on, entry.options);
  return {
    name,
    commands: [...others.command].toSorted(),
    replies: [...others.reply].toSorted(),
    events,
    categories: Object.fromEntries(eventSourced.map(({ category, from }) => [category, from])),
    messageTimeout: options.messageTimeout,
  };
}

/** What handling an event subscribes to. */
const patternOf = ({ type, isBase = false }: MessageIdentity): Pattern => (isBase ? withDerived(type) : type);

/** The names whose routers a component has: its own, and those of its categories. */
export const ownersOf = ({ name, eventSourced }: Component): readonly string[] => [
  name,
  ...eventSourced.map(({ category }) => category),
];

/**
 * Refuses components that would write each other's streams: each name of a component or category has a router that writes
 * `out-<name>`.
 * @throws DuplicateDeclaration
 */
export function requireDistinct(owners: readonly string[]): void {
  const seen = new Set<string>();
  for (const taken of owners) {
    if (seen.has(taken)) throw new DuplicateDeclaration("The endpoint", `the name ${taken} of a component or category`);
    seen.add(taken);
  }
}
