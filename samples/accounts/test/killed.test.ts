import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { dataDirectory, SampleProcess } from "@sluice/sample-display";
import { seeded } from "./seeded.ts";

/** One where everything is tested; SLUICE_TRANSFER_KILLS=15 in the long form. */
const KILLS = Number(process.env["SLUICE_TRANSFER_KILLS"] ?? 1);
const TRANSFERS = 50 * KILLS;

test(
  `accounts – killed ${KILLS} times at any moment, and everything asked for again each time`,
  { timeout: 300_000 + 60_000 * KILLS },
  async (t) => {
    const random = seeded(12);
    const args = ["--transfers", String(TRANSFERS), "--json", "--data", dataDirectory(t)];
    const before: (string | undefined)[] = [];
    for (let kill = 0; kill < KILLS; kill += 1) {
      const sample = SampleProcess.start("accounts", ...args);
      before.push((await sample.said(/(\d+) of them asked for before/))[1]);
      // Each gets some further than the one before, and none to the end.
      await sample.said(new RegExp(`^${kill * 30 + 10} of ${TRANSFERS} are over`, "m"));
      await sleep(200 * random());
      assert.ok(sample.isRunning, `it ended before it was killed: ${sample.stdout}${sample.stderr}`);
      await sample.end("SIGKILL");
    }
    const { code, stdout, stderr } = await SampleProcess.start("accounts", ...args).ended;
    t.diagnostic(`asked for before each start: ${before.join(", ")}; at the end ${stdout.trim()}`);
    assert.equal(code, 0, stdout + stderr);
    const { confirmed, canceled, ...found } = JSON.parse(stdout) as Record<string, number>;
    const none = { torn: 0, seenTorn: 0, unsettled: 0, broken: 0, wrong: 0 };
    assert.deepEqual(found, { transfers: TRANSFERS, ...none, opening: 1_140_00, closing: 1_140_00 });
    assert.ok(Number(confirmed) > 0 && Number(canceled) > 0, "some are confirmed, and some are canceled");
  },
);
