import type { EmittedEvent } from "./emitted-event.ts";

/** Takes what is to be written. */
export interface Emit {
  (stream: string, event: EmittedEvent): void;
  /** What the handler itself emits: only this is noted as output of the projection. */
  tracked(stream: string, event: EmittedEvent): void;
  /** `stream` may go on: what it waited for is there. */
  wake(stream: string): void;
}
