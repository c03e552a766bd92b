import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { Log } from "../../src/log/log.ts";
import { temporaryDirectory } from "./temporary.ts";

test(
  "full disk – the write is refused and taken back, what was acknowledged stays, and small ones go on",
  {
    skip: process.platform === "win32" && "no limit on file sizes there",
  },
  async (t) => {
    const directory = temporaryDirectory(t);
    const program = join(import.meta.dirname, "fill-disk.ts");
    const { stdout } = await promisify(execFile)("sh", [
      "-c",
      `ulimit -f 4000; exec "$0" "$1" "$2"`,
      process.execPath,
      program,
      directory,
    ]);
    const { isWriteFailed, acknowledged, visible, next } = JSON.parse(stdout) as Record<string, number | boolean>;
    assert.equal(isWriteFailed, true);
    assert.equal(visible, acknowledged);
    assert.equal(next, acknowledged);
    const log = Log.open({ location: { directory }, now: () => 1 });
    assert.equal(log.readAll(0, false, 1e6).length, Number(acknowledged) + 1);
    await log.close();
  },
);
