import type { Component } from "../declare/component.ts";
import type { SubscribeOptions } from "../declare/subscribe-options.ts";
import { DuplicateDeclaration } from "../declare/duplicate-declaration.ts";
import type { MessageIdentity } from "../messages/definition.ts";
import { type ComponentShape, type HandledMessage, shapeFrom } from "../topology/shape.ts";

/** What a component is to the others, as plain data: it subscribes to the events it handles. */
export function shapeOf({ name, options, handlers, eventSourced }: Component): ComponentShape {
  const entries = [...handlers, ...eventSourced.flatMap((source) => source.entries)];
  return shapeFrom({
    name,
    handles: entries.map(({ on, options }) => handled(on, options)),
    categories: Object.fromEntries(eventSourced.map(({ category, from }) => [category, from])),
    messageTimeout: options.messageTimeout,
  });
}

const handled = (
  { kind, type, isBase = false }: MessageIdentity,
  { from = "now" }: SubscribeOptions,
): HandledMessage => ({
  kind,
  type,
  isBase,
  from,
});

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
