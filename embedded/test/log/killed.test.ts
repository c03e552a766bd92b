import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { Log } from "../../src/log/log.ts";
import { temporaryDirectory } from "./temporary.ts";

/** 10 where nobody waits long; SLUICE_KILLS=200 in the nightly form. */
const KILLS = Number(process.env["SLUICE_KILLS"] ?? 10);

test(
  `killed – ${KILLS} times in the middle of writing, a log has every acknowledged write whole, once and in order`,
  { timeout: 120_000 + KILLS * 20_000 },
  async (t) => {
    const directory = temporaryDirectory(t);
    const acknowledged = new Set<number>();
    let first = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      const argv = ["--conditions=sluice-source", join(import.meta.dirname, "killed-writer.ts"), directory, `${first}`];
      const child = spawn(process.execPath, argv, { stdio: ["ignore", "pipe", "inherit"] });
      t.after(() => child.kill("SIGKILL"));
      // Counted in writes, so that it is killed in the middle of them however slow the machine is.
      let left = [0, 3, 20, 60, 150][kill % 5] ?? 0;
      const exited = once(child, "exit");
      for await (const line of createInterface({ input: child.stdout })) {
        if (line !== "ready") acknowledged.add(Number(line));
        if (left-- === 0) child.kill("SIGKILL");
      }
      await exited;
      // What was not acknowledged may be there, too, with a number behind.
      first = 100 + Math.max(first, ...acknowledged);
      // Some of the next writers find everything as the kill has left it.
      if (kill % 3 !== 0 && kill < KILLS - 1) continue;

      const log = Log.open({ location: { directory }, now: Date.now });
      const seen = new Map<number, number>();
      const revisions = new Map<string, number>();
      let records = log.readAll(0, false, 500);
      while (records.length > 0) {
        for (const { stream, revision, data } of records) {
          const { n } = JSON.parse(data.toString()) as { n: number };
          seen.set(n, (seen.get(n) ?? 0) + 1);
          assert.equal(revision, (revisions.get(stream) ?? -1) + 1, stream);
          revisions.set(stream, revision);
        }
        records = log.readAll((records.at(-1)?.position ?? 0) + 1, false, 500);
      }
      for (const n of acknowledged) assert.ok(seen.has(n), `${n} was acknowledged and is not there`);
      for (const [n, events] of seen) assert.equal(events, (n % 5) + 1, `${n} is there in part, or twice`);
      for (const [stream, last] of revisions) assert.equal(log.head(stream).durable, last);
      await log.close();
    }
    assert.ok(acknowledged.size > 100);
  },
);
