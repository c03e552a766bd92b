import type { MessageHandler } from "@nestjs/microservices";
import { hasWildcard, matchesPattern, subscriptionsFor } from "./patterns.ts";

/** Who handles a pattern, and by which they mean it. */
export interface Meaning<Handling> {
  readonly on: string;
  readonly handlers: Handling;
}

/** Who handles what, by patterns as Nest normalizes them. */
export class Handlers {
  readonly #ofRequests = new Map<string, MessageHandler>();
  readonly #ofEvents = new Map<string, MessageHandler[]>();

  /** Of several that answer requests of one pattern the last one counts, as with Nest's own servers. */
  add(pattern: string, handler: MessageHandler, isEventHandler: boolean): void {
    if (isEventHandler) this.#ofEvents.set(pattern, [...(this.#ofEvents.get(pattern) ?? []), handler]);
    else this.#ofRequests.set(pattern, handler);
  }

  /** What has to be subscribed to. @throws InvalidPattern */
  get subscriptions(): ReadonlySet<string> {
    return new Set([...this.#ofEvents.keys()].flatMap(subscriptionsFor));
  }

  /** Whoever answers a request: who names the pattern, or else the first who means it by wildcards. */
  ofRequest(pattern: string): MessageHandler | undefined {
    return meaning(this.#ofRequests, pattern)[0]?.handlers;
  }

  /**
   * All who handle an event, one group for each pattern: those that name it, then those that mean it by wildcards. None of them: who
   * answers requests.
   */
  ofEvent(pattern: string): readonly Meaning<readonly MessageHandler[]>[] {
    const meant = meaning(this.#ofEvents, pattern);
    if (meant.length > 0) return meant;
    return meaning(this.#ofRequests, pattern).map(({ on, handlers }) => ({ on, handlers: [handlers] }));
  }

  /** Whether an event of that type comes by the subscription to a namespace. */
  isPassedBy(type: string): boolean {
    return [...this.#ofEvents.keys()].some(
      (pattern) =>
        hasWildcard(pattern) &&
        subscriptionsFor(pattern).some((of) => of.endsWith(".*") && type.startsWith(of.slice(0, -1))),
    );
  }
}

/** Those that name the pattern before those that mean it by wildcards. */
function meaning<Handling>(all: ReadonlyMap<string, Handling>, pattern: string): Meaning<Handling>[] {
  const named = all.get(pattern);
  const meant = [...all].filter(
    ([handled]) => handled !== pattern && hasWildcard(handled) && matchesPattern(handled, pattern),
  );
  const found = [...(named === undefined ? [] : [[pattern, named] as const]), ...meant];
  return found.map(([on, handlers]) => ({ on, handlers }));
}
