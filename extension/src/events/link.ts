import type { RecordedEvent, StreamEntry } from "../event-store/event-store.ts";

/** Where a link leads. */
export interface LinkTarget {
  readonly stream: string;
  readonly revision: string;
}

/** EventStoreDB writes a link as an event of this type, its body `revision@stream`. */
const LINK_TYPE = "$>";

/** Where this event leads if it is a link; undefined where it is none, or says nothing that could be followed. */
export function linkTarget(event: RecordedEvent): LinkTarget | undefined {
  if (event.type !== LINK_TYPE) {
    return undefined;
  }
  const found = /^(\d{1,19})@(.+)$/s.exec(new TextDecoder().decode(event.data));
  const [, revision, stream] = found ?? [];
  return revision !== undefined && stream !== undefined ? { stream, revision: String(BigInt(revision)) } : undefined;
}

export function isLink(event: RecordedEvent): boolean {
  return event.type === LINK_TYPE;
}

/** The event that an entry is about: what a link leads to where it leads anywhere. */
export function eventOf(entry: StreamEntry): RecordedEvent {
  return entry.target ?? entry.recorded;
}
