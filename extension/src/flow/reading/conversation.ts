import type { Position, RecordedEvent } from "../../event-store/event-store.ts";
import type { FlowEvent } from "../schemas.ts";
import { eventKey, flowEventOf } from "./message-of.ts";

/** As many events as a drawing can hold; what lies beyond is said to be left out. */
export const MOST_EVENTS = 2_000;

/** The conversation that is read, and the event that it was asked for from. */
export interface Asked {
  readonly correlationId: string;
  readonly from?: { readonly stream: string; readonly revision: string; readonly position: Position } | undefined;
}

/** What is told while a long reading goes on. */
export interface Progress {
  readonly looked: number;
  readonly found: number;
}

/** The same event may be found by more than one way. */
export class FoundEvents {
  readonly #events = new Map<string, FlowEvent>();

  get size(): number {
    return this.#events.size;
  }

  get all(): readonly FlowEvent[] {
    return [...this.#events.values()];
  }

  get isFull(): boolean {
    return this.#events.size >= MOST_EVENTS;
  }

  has(key: string): boolean {
    return this.#events.has(key);
  }

  add(event: RecordedEvent, position: Position): void {
    if (!this.isFull) this.#events.set(eventKey(event), flowEventOf(event, position));
  }
}
