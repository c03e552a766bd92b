import { WriteFailedError } from "../log/errors.ts";
import type { Log } from "../log/log.ts";
import { type LogRecord, TOMBSTONE_REVISION } from "../log/record.ts";
import { parseLink } from "./link.ts";
import type { MetadataMemory } from "./metadata-memory.ts";
import type { ResolvedRecord } from "./results.ts";
import { isSoftDeleted } from "./stream-metadata.ts";
import { describesTombstoned, firstReadable } from "./visible-range.ts";

/**
 * Streams as those see them who go ahead of the disk: what is accepted counts as written. The log is durable by prefix, so what they
 * make of it and write behind it is on disk only if it is. Nobody outside may be shown any of it before (`onceOnDisk`).
 */
export class AcceptedStreams {
  readonly #log: Log;
  readonly #metadata: MetadataMemory;
  readonly #now: () => number;

  /** `now` gives milliseconds since 1970-01-01 UTC. */
  constructor(log: Log, metadata: MetadataMemory, now: () => number) {
    this.#log = log;
    this.#metadata = metadata;
    this.#now = now;
  }

  /** Records that are not on disk, in order. */
  inFlight(): Iterable<LogRecord> {
    return this.#log.inFlight();
  }

  /** Calls `listener` with what is accepted from now on, in order. Returns how to stop. */
  onAccepted(listener: (records: readonly LogRecord[]) => void): () => void {
    return this.#log.onAccepted(listener);
  }

  /** Calls `listener` where the disk has refused: nothing that lay behind the end of the log will ever be there. Returns how to stop. */
  onTakenBack(listener: () => void): () => void {
    return this.#log.onTakenBack(listener);
  }

  /** Follows a link one step; any other record is its own event. */
  resolve(record: LogRecord): ResolvedRecord {
    const target = parseLink(record);
    if (target === undefined) return { event: record, link: undefined };
    const { stream } = target;
    const { first, last } = this.#range(stream);
    const revision = target.revision === -1 ? last : target.revision;
    return {
      event: revision < first || revision > last ? undefined : this.#log.record(stream, revision),
      link: record,
    };
  }

  /** Something of the stream can be read. */
  isReadable(stream: string): boolean {
    return this.#range(stream).last >= 0;
  }

  /** What `look` sees, once all of it is on disk. It looks again where the disk has refused what it had seen. */
  async onceOnDisk<Seen>(look: () => Seen): Promise<Seen> {
    for (;;) {
      const seen = look();
      if (!this.#log.hasInFlight) return seen;
      try {
        await this.#log.settled();
        return seen;
      } catch (error) {
        if (!(error instanceof WriteFailedError)) throw error;
        // Those who had gone ahead of the disk go back first.
        await new Promise<void>((resolve) => setImmediate(resolve));
      }
    }
  }

  /** Revisions that can be read; `last` is -1 where there are none. */
  #range(stream: string): { readonly first: number; readonly last: number } {
    const lastOf = (name: string) => this.#log.head(name).staged;
    const last = lastOf(stream);
    const metadata = this.#metadata.accepted(stream);
    const isHidden = last === TOMBSTONE_REVISION || isSoftDeleted(metadata) || describesTombstoned(stream, lastOf);
    if (isHidden || last < 0) return { first: 0, last: -1 };
    return { first: firstReadable(this.#log, stream, { metadata, last, now: this.#now() }), last };
  }
}
