import { closeSync, fstatSync, openSync, readSync } from "node:fs";

/**
 * Why an LMDB data file cannot be opened, or undefined when it can.
 *
 * LMDB maps the file into memory, and touching a page that the file lacks ends the process (SIGBUS),
 * so a foreign or torn file must be found out before. Each of the first two pages is a meta page; the one
 * with the higher transaction id counts. Offsets in a meta page, as LMDB 0.9 lays it out on 64-bit machines:
 * magic 24, page size 48, last page number 144, transaction id 152; all little-endian.
 */
export function faultOfLmdbFile(path: string): string | undefined {
  const file = openSync(path, "r");
  try {
    const { size } = fstatSync(file);
    const first = readMeta(file, 0);
    if (first === undefined) return "its file is not an LMDB database";
    const second = readMeta(file, first.pageSize);
    if (second === undefined) return "its file is cut short, or damaged";
    const newest = second.transaction > first.transaction ? second : first;
    const wanted = (newest.lastPage + 1) * first.pageSize;
    return size < wanted ? `its file is cut short: ${size} bytes instead of ${wanted}` : undefined;
  } finally {
    closeSync(file);
  }
}

const MAGIC = 0xbeefc0de;
const META_BYTES = 160;

interface Meta {
  readonly pageSize: number;
  readonly lastPage: number;
  readonly transaction: bigint;
}

function readMeta(file: number, offset: number): Meta | undefined {
  const page = Buffer.alloc(META_BYTES);
  if (readSync(file, page, 0, META_BYTES, offset) < META_BYTES || page.readUInt32LE(24) !== MAGIC) return undefined;
  return {
    pageSize: page.readUInt32LE(48),
    lastPage: Number(page.readBigUInt64LE(144)),
    transaction: page.readBigUInt64LE(152),
  };
}
