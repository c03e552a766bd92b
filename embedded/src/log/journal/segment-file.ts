import { close, constants, fdatasync, fsync, open, unlink, write } from "node:fs";
import { dirname } from "node:path";
import { promisify } from "node:util";

/* One file of a journal: its room is taken once, and then written over again and again. */

const opened = promisify(open);
const closed = promisify(close);
const flushed = promisify(fsync);
const dataFlushed = promisify(fdatasync);
const unlinked = promisify(unlink);

const OWNER_ONLY = 0o600;
/** Small pieces: what is written in one becomes one unit of the page cache, which some file systems write back as a whole. */
const ZEROS = Buffer.alloc(64 * 1024);
/** Linux flushes as part of the write, in one step. What macOS does on O_DSYNC leaves the disk's cache out; Windows has none. */
const FLUSHES_WITH_WRITE = process.platform === "linux";

export interface SegmentFile {
  readonly path: string;
  readonly size: number;
  /** Settles when the bytes are on disk. */
  write(bytes: Buffer, offset: number): Promise<void>;
  close(): Promise<void>;
}

/**
 * Makes a file of that many zeros. They are written: a file that has its room already costs one flush a write, and a full disk
 * refuses it now. Nothing is left where that fails.
 */
export async function createSegmentFile(path: string, size: number): Promise<SegmentFile> {
  const file = await opened(path, "wx", OWNER_ONLY);
  try {
    for (let at = 0; at < size; at += ZEROS.length) {
      await writeAll(file, ZEROS.subarray(0, Math.min(ZEROS.length, size - at)), at);
    }
    await flushed(file);
    await flushDirectory(dirname(path));
  } catch (error) {
    await unlinked(path);
    throw error;
  } finally {
    await closed(file);
  }
  return openSegmentFile(path, size);
}

export async function openSegmentFile(path: string, size: number): Promise<SegmentFile> {
  const file = await opened(path, constants.O_RDWR | (FLUSHES_WITH_WRITE ? constants.O_DSYNC : 0));
  return {
    path,
    size,
    async write(bytes, offset) {
      await writeAll(file, bytes, offset);
      if (!FLUSHES_WITH_WRITE) await dataFlushed(file);
    },
    close: () => closed(file),
  };
}

function writeAll(file: number, bytes: Buffer, offset: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const from = (done: number): void =>
      write(file, bytes, done, bytes.length - done, offset + done, (error, written) => {
        if (error !== null) reject(error);
        else if (done + written >= bytes.length) resolve();
        else from(done + written);
      });
    from(0);
  });
}

/** A file that was just made can be found after a power cut. Windows has no such thing. */
async function flushDirectory(directory: string): Promise<void> {
  if (process.platform === "win32") return;
  const file = await opened(directory, "r");
  try {
    await flushed(file);
  } finally {
    await closed(file);
  }
}
