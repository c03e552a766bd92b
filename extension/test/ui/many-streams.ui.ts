import assert from "node:assert/strict";
import { relayTo } from "../server/relay.ts";
import { addConnection } from "./add-connection.ts";
import { uiTest } from "./ui-test.ts";

const STREAMS = 3_000;
const CATEGORIES = Array.from({ length: 160 }, (_, i) => `kind${String(i).padStart(3, "0")}`);
/** One category after the other: most are not on the first page of names. */
const NAMES = Array.from(
  { length: STREAMS },
  (_, i) => `${CATEGORIES[Math.floor((i * CATEGORIES.length) / STREAMS)]}-${i}`,
);
const ROWS = ["$all", ...CATEGORIES];
/** A page of names is larger by far, what the server says when it is asked whether it is still there is smaller. */
const BYTES_OF_IDLING = 10_000;

uiTest("many streams – all categories come and stay, and then nothing is read", { streams: new Map() }, async (ui) => {
  const { workbench, server, step, screenshot } = ui;
  const { page, sideBar, quickInput } = workbench;
  const view = sideBar.view("Streams");
  await using ending = new AsyncDisposableStack();
  const relay = await relayTo({ after: (end) => ending.defer(end) }, server.port);

  await step("3,000 streams in 160 categories are there", async () => {
    for (let first = 0; first < STREAMS; first += 100) {
      const names = NAMES.slice(first, first + 100);
      await Promise.all(names.map((name) => server.append(name, [{ type: "Noted", data: {} }])));
    }
  });
  await step("all categories come", async () => {
    await sideBar.open("Sluice");
    await addConnection(workbench, `esdb://127.0.0.1:${relay.port}?tls=false`);
    await view.open();
    await view.hasRows(ROWS.length);
    await quickInput.command("Sluice: Focus on Streams View");
    await view.hasFocus();
    assert.deepEqual(await view.allLabels(), ROWS);
  });
  await step("the streams of the last one, too", async () => {
    await view.item("kind159").expand();
    // They come below the edge of the view, where nothing is drawn: the last row is the category until they are there.
    const last = view.item("kind159-2982").locator;
    do await page.keyboard.press("End");
    while (!(await last.isVisible()));
    await screenshot("many-streams");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowLeft");
  });
  await step("nothing is read while nothing changes", async () => {
    const before = relay.received;
    // As many rounds to the server as would do for several searches of all names.
    for (let i = 0; i < 60; i++) {
      for await (const _ of server.client.readStream("$streams", { maxCount: 500 })) continue;
    }
    const read = relay.received - before;
    assert.ok(read < BYTES_OF_IDLING, `${read} bytes were read`);
    assert.deepEqual(await view.allLabels(), ROWS, "what has come stays");
  });
});
