import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { DiskSpace, SPARE } from "../../src/log/disk-space.ts";
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
      `ulimit -f 40000; exec "$0" "$1" "$2"`,
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

/** A disk of 90 MB of its own for one program, where this user may have one. */
const ON_A_SMALL_DISK = [
  "-rm",
  "sh",
  "-c",
  'mount -t tmpfs -o size=90m tmpfs "$2" && exec "$0" --conditions=sluice-source "$1" "$2"',
];
const mayMount = spawnSync("unshare", ["-rm", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]).status === 0;

test(
  "full disk – of a server: appends are refused again and again, what was acknowledged stays, and it can make room in itself",
  { skip: !mayMount && "no disk of its own to be had" },
  async (t) => {
    const program = join(import.meta.dirname, "full-disk-server.ts");
    const args = [...ON_A_SMALL_DISK, process.execPath, program, temporaryDirectory(t)];
    const { stdout } = await promisify(execFile)("unshare", args);
    const { acknowledged, said, visible, visibleAgain, scavenged, isNoLarger, notes } = JSON.parse(stdout);
    assert.ok(acknowledged > 10);
    assert.deepEqual([visible, visibleAgain], [acknowledged, acknowledged]);
    assert.match(said, /did not reach the disk.*Make room/);
    // A busy machine takes its time for a write, too.
    const told = notes.filter((note: { readonly event: string }) => note.event !== "disk-slow");
    assert.deepEqual(told[0], { event: "disk-refused" });
    assert.deepEqual([scavenged.result, scavenged.eventsRemoved, isNoLarger], ["Success", acknowledged - 1, true]);
  },
);

test("full disk – is said in a sentence before it comes to that", () => {
  const space = new DiskSpace("/data", () => 5 * 1024 * 1024);
  space.require(1000, 0);
  assert.throws(
    () => space.require(0, SPARE.rest),
    /^DiskFullError: The disk of \/data is full: 5 MiB are free, and 16 MiB have to stay so\. .*--data\.$/,
  );
});
