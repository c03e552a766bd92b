import type { LogRecord } from "../../log/record.ts";
import type { EventPlace } from "../tags/tagger.ts";
import type { Follower, Heading, Interest } from "./heading.ts";
import { LiveEvents } from "./live-events.ts";
import type { SourceEvent, SourcePage, SourceReader } from "./source-reader.ts";

/** What of a source lies in the log already. */
export interface History {
  /** The next page. At first as any reader sees it; once it has gone live, as it was written. */
  read(): SourcePage;
  /** It has been read to its end: what comes from now on is handed over as it is committed. */
  goLive(): void;
  /** The event at `place` was handed over live: should it have to be read on, then behind it. */
  passed(place: EventPlace): void;
  /** From 0 to 100, while it is being read. */
  readonly progress: number;
}

export interface Following {
  readonly history: History;
  readonly interest: Interest;
  /** What the source makes of a record; undefined where it is none of its events. */
  wanted(record: LogRecord, resolved: () => SourceEvent): SourceEvent | undefined;
  /** Puts events that wait in the order in which they are to be handled. Default: the order of the log. */
  readonly arrange?: (events: readonly SourceEvent[]) => SourceEvent[];
}

/** Events handed over at a time. */
const PAGE = 200;

/**
 * Reads the history of a source to its end, then hands on what is accepted, ahead of the disk. Where more comes than may wait, it
 * reads on in the log from where it stands and catches up anew: nothing is missed, and truncation hides nothing of it. What comes
 * twice then has a place that was passed.
 */
export function followingReader(heading: Heading, following: Following): SourceReader {
  const { history, interest } = following;
  const waiting = new LiveEvents(following.arrange);
  let leave: (() => void) | undefined;
  let wakeUp = () => {};
  let readAheadTo = -1;

  const stopFollowing = () => {
    leave?.();
    leave = undefined;
    waiting.clear();
  };
  const follower: Follower = {
    interest,
    offer(record, resolved) {
      const event = following.wanted(record, resolved);
      if (event === undefined) return;
      // What is on its way to disk when it begins to follow may all wait.
      if (!waiting.add(event) && leave !== undefined) stopFollowing();
      wakeUp();
    },
    takenBack: (from) => waiting.dropFrom(from),
    wake: () => wakeUp(),
  };

  function readHistory(): SourcePage {
    const page = history.read();
    if (page.isAtEnd) {
      history.goLive();
      leave = heading.follow(follower);
    }
    return page;
  }

  function readLive(): SourcePage {
    const events = waiting.take(PAGE);
    for (const { place } of events) {
      history.passed(place);
      readAheadTo = Math.max(readAheadTo, place.position);
    }
    const isAtEnd = waiting.isEmpty;
    const scannedTo = isAtEnd ? heading.position : events.at(-1)?.place.position;
    readAheadTo = Math.max(readAheadTo, scannedTo ?? -1);
    return { events, isAtEnd, ...(scannedTo !== undefined && { scannedTo }) };
  }

  return {
    read: () => (leave === undefined ? readHistory() : readLive()),
    get readAheadTo() {
      return readAheadTo;
    },
    get progress() {
      return leave === undefined ? history.progress : 100;
    },
    remindAt(position) {
      if (leave !== undefined) heading.remind(follower, position);
    },
    watch(wake) {
      wakeUp = wake;
      return stopFollowing;
    },
  };
}
