import type { EventStore } from "../../event-store/event-store.ts";

/** What reads of an event store. */
export type Reader = Pick<EventStore, "read" | "subscribe">;
