import { CANCELLED } from "../messages/cancellation.ts";
import { HEADER } from "../messages/header-names.ts";
import { isMessageId } from "../messages/ids.ts";
import { bodyOf, metadataOf, type ResolvedEvent } from "../store/event.ts";
import { beginOf, minuteFrom } from "../topology/minute.ts";

/** Where links to what is due go: messages that a sender deferred, or those that failed and are tried again. */
export type Target = "deferred" | "retries";

/** A message that waits for its time. */
export interface Entry {
  readonly kind: "message";
  /** Id of the event. */
  readonly id: string;
  readonly minute: number;
  /** Milliseconds since 1970. */
  readonly due: number;
  /** Where the event is, as a link names it: `<revision>@<stream>`. */
  readonly place: string;
  readonly target: Target;
  /** When it was stored, by the server's clock in milliseconds. */
  readonly stored: number;
}

/** A message is not to be delivered any more. */
interface Cancellation {
  readonly kind: "cancellation";
  readonly minute: number;
  /** Id of the event that must not be linked. */
  readonly id: string;
}

/** What stands in the stream of a minute. */
export type LaterRead = Entry | Cancellation;

/** The name of a stream of deferred messages, taken apart: `later.<component>-<minute><source>`. */
export interface LaterStream {
  readonly minute: number;
  /** Who else than clients writes it, such as `.sales.routed`; empty for clients. */
  readonly source: string;
}

export function laterStreamFrom(component: string, stream: string): LaterStream | undefined {
  const prefix = `later.${component}-`;
  if (!stream.startsWith(prefix)) return undefined;
  const [, text = "", source = ""] = /^(\d{12})(\..*)?$/.exec(stream.slice(prefix.length)) ?? [];
  const minute = minuteFrom(text);
  return minute === undefined ? undefined : { minute, source };
}

/** What was read at one place of a stream of `minute`; undefined for what is neither message nor cancellation. */
export function entryOf({ event }: ResolvedEvent, minute: number): LaterRead | undefined {
  // A type of the system is the trace of a deletion, or a link that cannot be followed.
  if (event === undefined || event.type.startsWith("$")) return undefined;
  if (event.type === CANCELLED) {
    const id: unknown = Object(bodyOf(event)).messageId;
    return isMessageId(id) ? { kind: "cancellation", minute, id } : undefined;
  }
  const said = metadataOf(event);
  const due = Date.parse(String(said[HEADER.deliverAt]));
  return {
    kind: "message",
    id: event.id,
    minute,
    // What names no time, or one of another minute, is due with its minute: its stream decides when it is looked at.
    due: Math.min(Math.max(Number.isNaN(due) ? 0 : due, beginOf(minute)), beginOf(minute + 1) - 1),
    place: `${event.revision}@${event.stream}`,
    target: isRetry(said) ? "retries" : "deferred",
    stored: event.created.getTime(),
  };
}

const isRetry = (said: Readonly<Record<string, unknown>>): boolean =>
  Number(said[HEADER.delayedRetries]) > 0 || Number(said[HEADER.unknownTypeRetries]) > 0;
