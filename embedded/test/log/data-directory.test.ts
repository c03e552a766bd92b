import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import {
  DataDirectoryInUseError,
  DataDirectoryNotWritableError,
  DataDirectoryUnreadableError,
} from "../../src/log/errors.ts";
import { type EmbeddedOptions, startEmbedded } from "../../src/index.ts";
import { Log } from "../../src/log/log.ts";
import { temporaryDirectory } from "./temporary.ts";

const open = (directory: string) => Log.open({ location: { directory }, now: Date.now });
const event = (text: string) => ({
  id: randomUUID(),
  type: "Noted",
  isJson: false,
  data: Buffer.from(text),
  metadata: Buffer.alloc(0),
});

async function filled(directory: string): Promise<string> {
  const log = open(directory);
  for (let i = 0; i < 50; i++) await log.stage([{ stream: `notes-${i % 3}`, events: [event("x".repeat(2000))] }]);
  await log.close();
  return join(directory, "log.mdb");
}

/** What a directory holds, byte for byte. */
const contents = (directory: string) =>
  readdirSync(directory)
    .filter((name) => name.endsWith(".mdb"))
    .map((name) => [name, readFileSync(join(directory, name)).toString("base64")]);

test("data directory – what was written is there after opening again", async (t) => {
  const directory = temporaryDirectory(t);
  await filled(directory);
  const log = open(directory);
  assert.equal(log.readAll(0, false, 1000).length, 50);
  assert.deepEqual(
    log.readStream("notes-1", { first: 0, last: 100, reverse: false, limit: 100 }).map(({ revision }) => revision),
    Array.from({ length: 17 }, (_, i) => i),
  );
  await log.close();
});

test("data directory – a second server on it is refused and the first goes on", async (t) => {
  const directory = temporaryDirectory(t);
  const log = open(directory);
  assert.throws(
    () => open(directory),
    (error) => error instanceof DataDirectoryInUseError && error.pid === process.pid,
  );
  await log.stage([{ stream: "notes", events: [event("still here")] }]);
  assert.equal(log.readAll(0, false, 10).length, 1);
  await log.close();
});

test("data directory – the lock of a process that is gone is taken over", async (t) => {
  const directory = temporaryDirectory(t);
  for (const stale of [
    '{"pid":999999999,"started":"1"}',
    `{"pid":${process.pid},"started":"another start"}`,
    "garbage",
  ]) {
    writeFileSync(join(directory, "server.lock"), stale);
    await open(directory).close();
  }
  assert.deepEqual(
    readdirSync(directory).filter((name) => name.startsWith("server.lock")),
    [],
  );
});

test(
  "data directory – of many servers that start at the same instant exactly one gets it",
  { timeout: 120_000 },
  async (t) => {
    const directory = temporaryDirectory(t);
    const path = join(directory, "server.lock");
    // Each process tries once in each round, all at the same tick of the clock that they share.
    const [rounds, starters] = [8, 6];
    const lock = new URL("../../src/log/directory-lock.ts", import.meta.url).href;
    const program = `
    import { lockDirectory } from ${JSON.stringify(lock)};
    process.on("message", (at) => {
      while (Date.now() < at);
      try { lockDirectory(${JSON.stringify(directory)}); process.send("won"); }
      catch (error) { process.send(error.name); }
    });
    process.send("ready");
  `;
    const argv = ["--conditions=sluice-source", "--input-type=module", "--eval", program];
    for (let round = 0; round < rounds; round++) {
      const children = Array.from({ length: starters }, () =>
        spawn(process.execPath, argv, { stdio: ["ignore", "inherit", "inherit", "ipc"] }),
      );
      t.after(() => children.forEach((child) => child.kill("SIGKILL")));
      const exits = children.map((child) => once(child, "exit"));
      await Promise.all(children.map((child) => once(child, "message")));
      const answers = children.map(async (child) => ((await once(child, "message")) as [string])[0]);
      const at = Date.now() + 20;
      for (const child of children) child.send(at);
      const said = await Promise.all(answers);
      assert.deepEqual(
        said.toSorted(),
        [...Array(starters - 1).fill("DataDirectoryInUseError"), "won"],
        `round ${round}`,
      );
      // The winner is killed: the next round starts with its lock, a stale one; each third with none.
      for (const child of children) child.kill("SIGKILL");
      await Promise.all(exits);
      if (round % 3 === 2) rmSync(path);
    }
    await open(directory).close();
    assert.deepEqual(
      readdirSync(directory).filter((name) => name.startsWith("server.lock")),
      [],
    );
  },
);

test(
  "data directory – the lock of a process that was killed is taken over, although its parent has not taken note",
  { skip: process.platform !== "linux" },
  async (t) => {
    const directory = temporaryDirectory(t);
    await filled(directory);
    // When the child ends, the shell has become something that never asks for it.
    const parent = spawn("sh", ["-c", "sleep 0.3 & echo $!; exec sleep 60"], { stdio: ["ignore", "pipe", "ignore"] });
    t.after(() => parent.kill("SIGKILL"));
    const [said] = (await once(parent.stdout, "data")) as [Buffer];
    const pid = Number(said.toString());
    const stat = () => readFileSync(`/proc/${pid}/stat`, "utf8").split(" ");
    while (stat()[2] !== "Z") await setTimeout(5);
    writeFileSync(join(directory, "server.lock"), JSON.stringify({ pid, started: stat()[21] }));
    const log = open(directory);
    assert.equal(log.readAll(0, false, 1000).length, 50);
    await log.close();
  },
);

test("data directory – a file cut short is refused and left as it is", async (t) => {
  const directory = temporaryDirectory(t);
  const file = await filled(directory);
  for (const size of [statSync(file).size - 4096, 9000, 100, 0]) {
    truncateSync(file, size);
    const before = contents(directory);
    assert.throws(() => open(directory), DataDirectoryUnreadableError, `${size} bytes`);
    assert.deepEqual(contents(directory), before);
  }
});

test("data directory – a foreign file or folder is refused and left as it is", async (t) => {
  const foreign = temporaryDirectory(t);
  writeFileSync(join(foreign, "log.mdb"), Buffer.alloc(20_000, 7));
  const before = contents(foreign);
  assert.throws(() => open(foreign), DataDirectoryUnreadableError);
  assert.deepEqual(contents(foreign), before);

  const homework = temporaryDirectory(t);
  writeFileSync(join(homework, "homework.txt"), "mine");
  assert.throws(() => open(homework), /homework\.txt/);
  assert.deepEqual(readdirSync(homework), ["homework.txt"]);
});

test(
  "data directory – one that cannot be written is refused with the remedy",
  { skip: process.getuid?.() === 0 && "root may write everywhere" },
  (t) => {
    const directory = temporaryDirectory(t);
    chmodSync(directory, 0o500);
    assert.throws(() => open(directory), DataDirectoryNotWritableError);
  },
);

/** A directory that nobody may write to, root neither, for one program; what it holds stays as it is for all others. */
const READ_ONLY = [
  "-rm",
  "sh",
  "-c",
  'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && shift && exec "$0" "$@"',
];

test(
  "data directory – one on a file system that is read-only is refused with the remedy, and left as it is",
  { skip: mayMount() ? false : "this user may not mount anything" },
  async (t) => {
    const directory = temporaryDirectory(t);
    await filled(directory);
    const before = contents(directory);
    const main = join(import.meta.dirname, "../../src/cli/main.ts");
    const argv = ["--conditions=sluice-source", main, "--port", "0", "--data", directory];
    const { status, stderr } = spawnSync("unshare", [...READ_ONLY, process.execPath, directory, ...argv], {
      encoding: "utf8",
    });
    assert.match(
      stderr,
      /^.*cannot be written .* Change its permissions or how it is mounted, or give another directory/,
    );
    assert.equal(status, 1);
    assert.deepEqual(contents(directory), before);
    const log = open(directory);
    assert.equal(log.readAll(0, false, 1000).length, 50);
    await log.close();
  },
);

/** Whether this machine lets its user have a file system of his own that is read-only. */
function mayMount(): boolean {
  const directory = mkdtempSync(join(tmpdir(), "sluice-mount-"));
  const { status } = spawnSync("unshare", [...READ_ONLY, "sh", directory, "-c", `! touch ${directory}/x 2>&1`]);
  rmSync(directory, { recursive: true });
  return status === 0;
}

test("data directory – one that was taken away under a server does not keep it from ending", async (t) => {
  const directory = temporaryDirectory(t);
  const log = open(directory);
  rmSync(directory, { recursive: true });
  await log.close();
});

test("data directory – one that is a file is refused with the remedy", (t) => {
  const path = join(temporaryDirectory(t), "file");
  writeFileSync(path, "");
  for (const directory of [path, join(path, "data")])
    assert.throws(() => open(directory), {
      name: "DataDirectoryNotWritableError",
      message: /is a file, or lies in one\. Give a directory with --data\.$/,
    });
});

test("data directory – a server that is not told where to keep events, or told two places, says so and begins nothing", async () => {
  // What the compiler refuses, and plain JavaScript does not.
  const choices: readonly unknown[] = [undefined, {}, { memory: false }, { data: "" }, { data: undefined }];
  for (const options of choices)
    await assert.rejects(startEmbedded(options as EmbeddedOptions), {
      message: /^Say where events are kept: \{ data: /,
    });
  const both = { memory: true, data: "/nowhere", port: 0 } as unknown as EmbeddedOptions;
  await assert.rejects(startEmbedded(both), { message: /either in a directory or in memory/ });
});
