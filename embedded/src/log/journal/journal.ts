import { randomBytes } from "node:crypto";
import { unlink } from "node:fs/promises";
import { join } from "node:path";
import { type DiskSpace, SPARE } from "../disk-space.ts";
import { encodedGroupBytes, writeGroup } from "./group-codec.ts";
import type { FoundSegment } from "./found-segments.ts";
import { SEGMENT_HEADER_BYTES, writeSegmentHeader } from "./segment-codec.ts";
import { createSegmentFile, openSegmentFile, type SegmentFile } from "./segment-file.ts";
import { segmentName, segmentNumber } from "./segment-name.ts";

/**
 * Where records go first: one write and one flush for a group of them, in files whose room was taken before. What the tables
 * have got from it (`release`) is written over. One write at a time.
 */
export interface Journal {
  /**
   * Settles when the records are on disk. Rejects when they do not count: they were not written, or not all of them, and what
   * comes next goes to the same place.
   */
  append(start: number, records: readonly Buffer[]): Promise<void>;
  /** All before this position is in the tables, on disk. */
  release(indexed: number): void;
  close(): Promise<void>;
}

/** For a log that nobody expects back. */
export const NO_JOURNAL: Journal = {
  append: () => Promise.resolve(),
  release: () => {},
  close: () => Promise.resolve(),
};

export interface JournalOptions {
  readonly directory: string;
  /** UUID of the log that the journal belongs to. */
  readonly logId: string;
  readonly space: DiskSpace;
  /** Segments that are there. */
  readonly segments: readonly FoundSegment[];
  /** Sequence number of the next group: higher than any in the segments. */
  readonly sequence: number;
}

/** Room for what comes in while a part of the journal goes into the tables. A larger group gets a segment of its own. */
const SEGMENT_BYTES = 8 * 1024 * 1024;
/** Segments that are kept to be written again. */
const SPARE_SEGMENTS = 2;

/** A segment that is not being written. `end` is the position behind its last record. */
interface Resting {
  readonly path: string;
  readonly size: number;
  readonly end: number;
}

/** The one that is being written. */
interface Current {
  readonly file: SegmentFile;
  readonly salt: number;
  /** Where the next group goes; 0 while not even the header is there. */
  offset: number;
  end: number;
}

export function startJournal({ directory, logId, space, segments, sequence }: JournalOptions): Journal {
  let resting: readonly Resting[] = segments.map(({ path, size, end }) => ({ path, size, end }));
  let current: Current | undefined;
  let released = 0;
  let nextSequence = sequence;
  let nextNumber = 1 + segments.reduce((highest, { path }) => Math.max(highest, segmentNumber(path)), -1);

  /** Goes on in a segment that has so much room. */
  async function moveOn(bytes: number): Promise<Current> {
    const file = await nextFile(bytes);
    if (current !== undefined) {
      const { path, size } = current.file;
      resting = [...resting, { path, size, end: current.end }];
      // All that is in it is on disk.
      await current.file.close().catch(() => {});
    }
    return { file, salt: randomBytes(4).readUInt32BE(), offset: 0, end: 0 };
  }

  async function nextFile(bytes: number): Promise<SegmentFile> {
    const free = resting.find(({ size, end }) => end <= released && size >= bytes);
    if (free === undefined) {
      const size = Math.max(SEGMENT_BYTES, bytes);
      space.require(size, SPARE.rest);
      return createSegmentFile(join(directory, segmentName(nextNumber++)), size);
    }
    // Taken out at once: meanwhile it might be removed as one too many.
    resting = resting.filter((one) => one !== free);
    try {
      return await openSegmentFile(free.path, free.size);
    } catch (error) {
      resting = [...resting, free];
      throw error;
    }
  }

  return {
    async append(start, records) {
      const bytes = encodedGroupBytes(records);
      if (current === undefined || bytesBehind(current) < bytes) {
        current = await moveOn(SEGMENT_HEADER_BYTES + bytes);
      }
      const { file, salt, offset } = current;
      const header = offset === 0 ? SEGMENT_HEADER_BYTES : 0;
      const out = Buffer.allocUnsafe(header + bytes);
      if (header > 0) writeSegmentHeader({ logId, salt }, out);
      writeGroup({ sequence: nextSequence++, start, records }, salt, out, header);
      try {
        await file.write(out, offset);
      } catch (error) {
        // It may have got there all the same, and must not come back after a crash. Where this fails, too, nothing can be done.
        await file.write(Buffer.alloc(out.length - bytes + GROUP_BEGIN), offset).catch(() => {});
        throw error;
      }
      current.offset += out.length;
      current.end = records.reduce((end, { length }) => end + length, start);
    },
    release(indexed) {
      released = indexed;
      const free = resting.filter(({ end }) => end <= released);
      const surplus = new Set(free.toSorted((a, b) => unusualness(a) - unusualness(b)).slice(SPARE_SEGMENTS));
      resting = resting.filter((one) => !surplus.has(one));
      // One that cannot be removed is found again at the next start.
      for (const { path } of surplus) void unlink(path).catch(() => {});
    },
    async close() {
      await current?.file.close();
      current = undefined;
    },
  };
}

/** Enough of a group to make none of it. */
const GROUP_BEGIN = 4;

const bytesBehind = ({ file, offset }: Current): number => file.size - Math.max(offset, SEGMENT_HEADER_BYTES);

const unusualness = ({ size }: Resting): number => Math.abs(size - SEGMENT_BYTES);
