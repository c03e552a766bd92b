import { EngineFault } from "../engine-fault.ts";
import { compareTags } from "../tags/compare.ts";
import { formatTag } from "../tags/format.ts";
import type { Tag } from "../tags/tag.ts";

/** An event that an earlier run wrote behind the last checkpoint. */
export interface CommittedEvent {
  readonly tag: Tag;
  readonly type: string;
  readonly revision: number;
}

/** An event to be written in this run. */
export interface EventToWrite {
  readonly tag: Tag;
  readonly type: string;
}

export type RecoveryVerdict =
  | { readonly verdict: "write" }
  /** It is there already, under this number. */
  | { readonly verdict: "written"; readonly revision: number }
  /** A link that is not the one found: taken for written without being there (corrections 3.6). */
  | { readonly verdict: "taken-for-written" };

/**
 * Compares what a projection emits again after a crash or an abort with what it had emitted (spec 3.6). Only tag and type are
 * compared, not the data.
 */
export class Recovery {
  readonly #stream: string;
  /** Oldest first. */
  readonly #committed: CommittedEvent[];
  #next = 0;
  /** Tag of the last event found. */
  readonly #last: Tag;

  constructor(stream: string, committed: readonly CommittedEvent[], last: Tag) {
    this.#stream = stream;
    this.#committed = [...committed];
    this.#last = last;
  }

  /** Once it says "write" it is over: everything from there on is new. Throws an {@link EngineFault}. */
  judge(event: EventToWrite): RecoveryVerdict {
    if (compareTags(event.tag, this.#last) > 0) return { verdict: "write" };
    for (let found = this.#take(); found !== undefined; found = this.#take()) {
      const order = compareTags(found.tag, event.tag);
      if (order < 0) continue; // what the script no longer emits
      if (order === 0 && found.type === event.type) return { verdict: "written", revision: found.revision };
      if (event.type === "$>") return { verdict: "taken-for-written" };
      throw new EngineFault(
        `An event emitted in recovery for stream ${this.#stream} differs from the originally emitted event. ` +
          `Existing('${found.type}', '${formatTag(found.tag)}'). New('${event.type}', '${formatTag(event.tag)}')`,
      );
    }
    return { verdict: "write" };
  }

  #take(): CommittedEvent | undefined {
    return this.#committed[this.#next++];
  }
}
