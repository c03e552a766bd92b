import { createWriteStream } from "node:fs";
import { mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { once } from "node:events";
import { Uri, workspace } from "vscode";
import type { StreamEntry } from "../../event-store/event-store.ts";
import { ENCODERS, formatFor } from "../model/export/formats.ts";

export interface ExportOptions {
  readonly target: Uri;
  /** What is written, in pieces. */
  readonly entries: AsyncIterable<readonly StreamEntry[]>;
}

/**
 * Writes events into a file, as its extension says. It is written beside itself and put in its place when it is whole, so
 * that neither a canceled nor a failed export leaves half a file. Answers how many events it holds.
 */
export async function exportEvents({ target, entries }: ExportOptions): Promise<number> {
  const isFile = target.scheme === "file";
  // Another file system, as of a virtual workspace, takes whole files only: those come from this machine's own.
  const folder = await mkdtemp(join(isFile ? dirname(target.fsPath) : tmpdir(), ".sluice-export-"));
  const path = join(folder, "events");
  try {
    const count = await write(path, formatFor(target.path), entries);
    if (isFile) {
      await rename(path, target.fsPath);
    } else {
      await workspace.fs.copy(Uri.file(path), target, { overwrite: true });
    }
    return count;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function write(
  path: string,
  format: keyof typeof ENCODERS,
  entries: AsyncIterable<readonly StreamEntry[]>,
): Promise<number> {
  const encoder = ENCODERS[format];
  const file = createWriteStream(path);
  const failed = once(file, "error").then(([error]) => Promise.reject(error));
  failed.catch(() => {});
  const put = async (text: string): Promise<void> => {
    if (!file.write(text)) {
      await Promise.race([once(file, "drain"), failed]);
    }
  };
  let count = 0;
  try {
    await put(encoder.head);
    for await (const some of entries) {
      await put(some.map((entry) => encoder.entry(entry, count++)).join(""));
    }
    await put(encoder.tail);
    file.end();
    await Promise.race([once(file, "close"), failed]);
  } finally {
    file.destroy();
  }
  return count;
}
