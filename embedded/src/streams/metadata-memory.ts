import type { Log } from "../log/log.ts";
import { TOMBSTONE_REVISION } from "../log/record.ts";
import {
  describedBy,
  METASTREAM_METADATA,
  metastreamOf,
  NO_METADATA,
  parseStreamMetadata,
  type StreamMetadata,
} from "./stream-metadata.ts";

const CAPACITY = 10_000;
const LONGEST_NAME = 1024;

/** What the streams' metadata says, parsed once for each revision that is on disk. */
export class MetadataMemory {
  readonly #log: Log;
  readonly #parsed = new Map<string, { readonly revision: number; readonly metadata: StreamMetadata }>();

  constructor(log: Log) {
    this.#log = log;
  }

  /** As readers see it: on disk. */
  durable(stream: string): StreamMetadata {
    return this.#at(stream, this.#log.head(metastreamOf(stream)).durable);
  }

  /** As the next write must see it: accepted, perhaps still on its way to disk. */
  accepted(stream: string): StreamMetadata {
    return this.#at(stream, this.#log.head(metastreamOf(stream)).staged);
  }

  #at(stream: string, revision: number): StreamMetadata {
    if (describedBy(stream) !== undefined) return METASTREAM_METADATA;
    if (revision < 0 || revision === TOMBSTONE_REVISION) return NO_METADATA;
    const known = this.#parsed.get(stream);
    if (known?.revision === revision) return known.metadata;
    const metastream = metastreamOf(stream);
    const record = this.#log.acceptedRecord(metastream, revision);
    const metadata = record === undefined ? NO_METADATA : parseStreamMetadata(record);
    // One that is on its way may yet be taken back, and its revision given to another.
    if (revision <= this.#log.head(metastream).durable) this.#remember(stream, revision, metadata);
    return metadata;
  }

  #remember(stream: string, revision: number, metadata: StreamMetadata): void {
    // Names that long are rare, and would fill the memory; they are parsed each time.
    if (stream.length > LONGEST_NAME) return;
    if (this.#parsed.size >= CAPACITY) this.#parsed.clear();
    this.#parsed.set(stream, { revision, metadata });
  }
}
