import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { endOfGroup, type Group } from "./group-codec.ts";
import { readSegment } from "./segment-codec.ts";
import { isSegmentName } from "./segment-name.ts";

/** A segment as it lies in a directory. */
export interface FoundSegment {
  readonly path: string;
  /** Bytes of the file. */
  readonly size: number;
  readonly groups: readonly Group[];
  /** Position behind the last of its records; 0 where it has none. */
  readonly end: number;
}

/** Segments of the journal of the log `logId`, or the reason why they cannot be used. */
export function findSegments(
  directory: string,
  logId: string,
): { readonly segments: readonly FoundSegment[] } | { readonly fault: string } {
  const segments: FoundSegment[] = [];
  for (const name of readdirSync(directory).filter(isSegmentName)) {
    const path = join(directory, name);
    const bytes = readIfThere(path);
    // Removed meanwhile: a server runs on this directory, and the tables have what was in it.
    if (bytes === undefined) continue;
    const contents = readSegment(bytes, logId);
    if ("fault" in contents) return { fault: `its file ${name} ${contents.fault}` };
    const { groups } = contents;
    segments.push({
      path,
      size: bytes.length,
      groups,
      end: groups.reduce((end, g) => Math.max(end, endOfGroup(g)), 0),
    });
  }
  return { segments };
}

function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
