import type { Encodable } from "./wire/message.ts";
import type { readResp } from "./wire/streams.ts";

type Note = Encodable<typeof readResp>;

/** How far a subscription has come. A revision where it is one to a stream, a place in the log where it is to `$all`. */
export interface SubscriptionPosition {
  readonly streamRevision?: number;
  readonly position?: { readonly commitPosition: number; readonly preparePosition: number };
}

/** What a subscription tells beside events. */
export interface SubscriptionNotes {
  caughtUp(at: SubscriptionPosition): Note;
  /** That a live subscriber no longer keeps up; undefined where it is not told (spec 1.10). */
  readonly fellBehind: ((at: SubscriptionPosition) => Note) | undefined;
  checkpoint(commitPosition: number, preparePosition: number): Note;
}

/** As EventStoreDB 23.10 tells it: in a word. */
export const PLAIN_NOTES: SubscriptionNotes = {
  caughtUp: () => ({ content: { case: "caughtUp", value: {} } }),
  fellBehind: undefined,
  checkpoint: (commitPosition, preparePosition) => ({
    content: { case: "checkpoint", value: { commitPosition, preparePosition } },
  }),
};

/** As it is told since 25: with the time and the place (spec 4.2). `now` gives milliseconds since 1970. */
export function timedNotes(now: () => number): SubscriptionNotes {
  const timestamp = () => {
    const ms = now();
    return { seconds: Math.floor(ms / 1000), nanos: Math.floor(ms % 1000) * 1_000_000 };
  };
  const reached = ({ streamRevision, position }: SubscriptionPosition) => ({
    timestamp: timestamp(),
    ...(streamRevision === undefined
      ? {}
      : { revisionOption: { case: "streamRevision", value: streamRevision } as const }),
    ...(position === undefined ? {} : { position }),
  });
  return {
    caughtUp: (at) => ({ content: { case: "caughtUp", value: reached(at) } }),
    fellBehind: (at) => ({ content: { case: "fellBehind", value: reached(at) } }),
    checkpoint: (commitPosition, preparePosition) => ({
      content: { case: "checkpoint", value: { commitPosition, preparePosition, timestamp: timestamp() } },
    }),
  };
}
