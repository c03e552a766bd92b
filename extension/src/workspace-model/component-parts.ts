import type { From, HandledMessage } from "@sluice/transport/topology";
import type { HandlerDeclaration, HandlerKind } from "./declarations.ts";
import type { Unreadable } from "./unreadable.ts";

/** Kinds of handlers by which their owner takes messages. */
export const TAKING: ReadonlySet<HandlerKind> = new Set(["decide", "started-by", "on", "timeout"]);

/** What a component takes: first its own handlers', then what it owns takes. */
export function handledBy(handlers: readonly HandlerDeclaration[]): readonly HandledMessage[] {
  const taken = ({ message, from }: HandlerDeclaration): readonly HandledMessage[] =>
    message === undefined
      ? []
      : [{ kind: message.kind, type: message.type, isBase: message.isBase, ...(from === undefined ? {} : { from }) }];
  return [
    ...handlers.flatMap(taken),
    ...handlers
      .flatMap(({ owns }) => owns?.handlers ?? [])
      .flatMap((part) => (TAKING.has(part.kind) ? taken(part) : [])),
  ];
}

/**
 * The categories of the aggregates and process managers that a component owns, and what is wrong with them.
 * @param name the component's, where it can be told
 */
export function categoriesOf(
  name: string | undefined,
  handlers: readonly HandlerDeclaration[],
): { readonly categories: Readonly<Record<string, From>>; readonly problems: readonly Unreadable[] } {
  const categories: Record<string, From> = {};
  const problems: Unreadable[] = [];
  for (const { owns, place } of handlers) {
    if (owns === undefined || owns.kind === "view" || owns.category === undefined) continue;
    const { category, from = "now", handlers: parts } = owns;
    if (category === name || Object.hasOwn(categories, category)) {
      problems.push({ reason: { kind: "declared-twice", name: category }, place });
    }
    for (const { kind, message } of parts) {
      const { type, to } = message?.kind === "command" ? message : {};
      if (!TAKING.has(kind) || type === undefined || to === undefined || name === undefined || to === name) continue;
      problems.push({ reason: { kind: "wrong-owner", type, owner: to }, place });
    }
    categories[category] = from;
  }
  return { categories, problems };
}
