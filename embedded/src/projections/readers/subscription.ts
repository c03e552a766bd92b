import type { ProjectionEvent, SourceDefinition } from "../handler.ts";
import { compareTags } from "../tags/compare.ts";
import type { Tag } from "../tags/tag.ts";
import type { EventPlace, Tagger } from "../tags/tagger.ts";
import type { SourceEvent, SourceReader } from "./source-reader.ts";

/** What a projection has to deal with next, and where its source stands behind it. */
export type Work =
  | { readonly kind: "event"; readonly event: ProjectionEvent; readonly tag: Tag; readonly position: string }
  /** The stream of a partition was deleted. */
  | { readonly kind: "deleted"; readonly partition: string; readonly tag: Tag; readonly position: string }
  /** So much went by that was not wanted, of the source or beside it, that it should not be read again. */
  | { readonly kind: "checkpoint"; readonly tag: Tag };

export interface WorkPage {
  readonly work: readonly Work[];
  readonly isAtEnd: boolean;
  readonly retryAfter: number | undefined;
}

export interface SubscriptionOptions {
  readonly reader: SourceReader;
  readonly tagger: Tagger;
  readonly definition: SourceDefinition;
  readonly from: Tag;
  /** Whether an event can be handled at all (corrections 3.1). */
  readonly accepts: (event: ProjectionEvent) => boolean;
  /** Log bytes without a wanted event after which a checkpoint is due (spec 3.4). */
  readonly unhandledBytesThreshold: number;
}

/** Picks from a source what a projection handles, and gives each event its tag. What is passed over moves the tags all the same. */
export class Subscription {
  readonly #options: SubscriptionOptions;
  readonly #types: ReadonlySet<string>;
  #last: Tag;
  /** Place in the log of the last event handed on, or of the first one seen. */
  #lastPassed: number | undefined;

  constructor(options: SubscriptionOptions) {
    this.#options = options;
    this.#types = new Set(options.definition.events);
    this.#last = options.from;
  }

  read(): WorkPage {
    const { reader } = this.#options;
    const page = reader.read();
    const work: Work[] = [];
    for (const source of page.events) this.#add(source, work);
    if (page.scannedTo !== undefined) this.#passOver({ position: page.scannedTo, stream: "", revision: -1 }, work);
    if (this.#lastPassed !== undefined) reader.remindAt(this.#lastPassed + this.#options.unhandledBytesThreshold);
    return { work, isAtEnd: page.isAtEnd, retryAfter: page.retryAfter };
  }

  #add(source: SourceEvent, work: Work[]): void {
    const { tagger, definition } = this.#options;
    const { event, place, deletedStream } = source;
    const tag = tagger.advance(this.#last, place);
    if (tag === undefined) return;
    if (compareTags(tag, this.#last) <= 0) return;
    this.#last = tag;
    const position = `${place.revision}@${place.stream}`;
    // In a source of streams the end of a stream is a notice; in the whole log it is an event, and a notice behind it.
    const isEvent = (deletedStream === undefined || definition.allStreams) && this.#isWanted(event);
    if (isEvent) work.push({ kind: "event", event, tag, position });
    const isNotice = deletedStream !== undefined && definition.handlesDeletedNotifications;
    if (isNotice) work.push({ kind: "deleted", partition: deletedStream, tag, position });
    if (isEvent || isNotice) this.#lastPassed = place.position;
    else this.#passOver(place, work);
  }

  #isWanted(event: ProjectionEvent): boolean {
    const { definition, accepts } = this.#options;
    const type = event.event?.type;
    return (definition.allEvents || (type !== undefined && this.#types.has(type))) && accepts(event);
  }

  /** Nothing that is handled lay there, or between there and the last event handed on. */
  #passOver(place: EventPlace, work: Work[]): void {
    const { tagger, unhandledBytesThreshold } = this.#options;
    this.#lastPassed ??= place.position;
    if (place.position - this.#lastPassed <= unhandledBytesThreshold) return;
    this.#lastPassed = place.position;
    // What is no event of a source of streams leaves its tag as it is.
    this.#last = tagger.advance(this.#last, place) ?? this.#last;
    work.push({ kind: "checkpoint", tag: this.#last });
  }
}
