import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { CheckpointStore } from "../declare/checkpoint-store.ts";

/** Keeps checkpoints in this process: for tests, and for endpoints that are stopped and started again within one. */
export function memoryCheckpoints(): CheckpointStore {
  const saved = new Map<string, Uint8Array>();
  return {
    load: async (view) => saved.get(view),
    save: async (view, checkpoint) => void saved.set(view, checkpoint),
  };
}

/** Keeps checkpoints as files of a folder, which is made where it is not there. One process at a time may use the folder. */
export function fileCheckpoints(directory: string): CheckpointStore {
  const fileOf = (view: string): string => join(directory, `${encodeURIComponent(view)}.checkpoint`);
  return {
    async load(view) {
      try {
        return await readFile(fileOf(view));
      } catch (error) {
        if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
        throw error;
      }
    },
    async save(view, checkpoint) {
      await mkdir(directory, { recursive: true });
      const unfinished = `${fileOf(view)}.unfinished`;
      await writeFile(unfinished, checkpoint, { flush: true });
      await rename(unfinished, fileOf(view));
    },
  };
}
