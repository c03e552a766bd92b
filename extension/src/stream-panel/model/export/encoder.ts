import type { StreamEntry } from "../../../event-store/event-store.ts";

/** Writes events as a text, piece by piece. */
export interface Encoder {
  readonly head: string;
  /** @param index Which of the events that are written it is, from 0. */
  entry(entry: StreamEntry, index: number): string;
  readonly tail: string;
}
