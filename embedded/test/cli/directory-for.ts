import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { atEnd } from "../clients/official-client.ts";

/** A directory that goes away after the servers on it have stopped. */
export function directoryFor(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), "sluice-cli-"));
  atEnd(t, () => rmSync(directory, { recursive: true, force: true }));
  return directory;
}
