import type { View } from "../declare/view.ts";
import type { Message } from "../messages/definition.ts";
import { foldTable } from "../views/fold-table.ts";
import { asRead, contextOf } from "./as-read.ts";

/**
 * The state of a view after these published events, without a server. What it does not fold changes nothing.
 *
 * ```ts
 * assert.deepEqual(fold(placed, OrderPlaced({ orderId: "17" })), new Set(["17"]));
 * ```
 * @throws what a fold throws.
 */
export function fold<State>(view: View<State>, ...events: readonly Message[]): State {
  const foldFor = foldTable(view.folds);
  return events.reduce((state, { definition, body }) => {
    const entry = foldFor(definition.type, definition.baseTypes ?? []);
    return entry?.fold(state, asRead(body), contextOf(definition)) ?? state;
  }, view.initial());
}
