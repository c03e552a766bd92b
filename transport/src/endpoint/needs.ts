import type { Component } from "../declare/component.ts";
import { DuplicateDeclaration } from "../declare/duplicate-declaration.ts";
import type { SubscribeOptions } from "../declare/subscribe-options.ts";
import type { MessageIdentity } from "../messages/definition.ts";
import type { Needs } from "../subscriptions/deploy-component.ts";

/** What a component needs on the server: it subscribes to the events it handles. */
export function needsOf({ name, options, handlers, eventSourced }: Component): Needs {
  const subscriptions = new Map<string, "now" | "start">();
  const subscribe = (on: MessageIdentity, { from = "now" }: SubscribeOptions): void => {
    if (on.kind === "event" && subscriptions.get(on.type) !== "start") subscriptions.set(on.type, from);
  };
  for (const handler of handlers) subscribe(handler.on, handler.options);
  for (const source of eventSourced) for (const entry of source.entries) subscribe(entry.on, entry.options);
  return {
    name,
    categories: eventSourced.map(({ category }) => category),
    subscriptions,
    group: { messageTimeout: options.messageTimeout },
  };
}

/**
 * Refuses components that would write each other's streams: each name of a component or category has a router that writes
 * `out-<name>`.
 * @throws DuplicateDeclaration
 */
export function requireDistinct(components: readonly Component[]): void {
  const seen = new Set<string>();
  for (const { name, eventSourced } of components) {
    for (const taken of [name, ...eventSourced.map(({ category }) => category)]) {
      if (seen.has(taken))
        throw new DuplicateDeclaration("The endpoint", `the name ${taken} of a component or category`);
      seen.add(taken);
    }
  }
}
