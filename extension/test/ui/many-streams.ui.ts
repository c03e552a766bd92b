import assert from "node:assert/strict";
import { relayTo } from "../server/relay.ts";
import type { SeededServer } from "../server/seeded-server.ts";
import { addConnection } from "./add-connection.ts";
import { appendStreams, STREAMS } from "./listed-streams.ts";
import { uiTest } from "./ui-test.ts";

const CATEGORIES = Array.from({ length: 160 }, (_, i) => `kind${String(i).padStart(3, "0")}`);
/** One category after the other: most are not on the first page of names. */
const NAMES = Array.from(
  { length: STREAMS },
  (_, i) => `${CATEGORIES[Math.floor((i * CATEGORIES.length) / STREAMS)]}-${i}`,
);
const LAST_ONES = NAMES.filter((name) => name.startsWith("kind159-"));
const ROWS = ["$all", ...CATEGORIES];
/** A page of names is larger by far, what the server says when it is asked whether it is still there is smaller. */
const BYTES_OF_IDLING = 10_000;
/** Rows that the view shows of one category at a time. */
const PAGE = 100;
/** The last row of the last category: the newest stand first. */
const BELOW = LAST_ONES.length > PAGE ? "Load more…" : (LAST_ONES[0] ?? "");

/** As many rounds to the server as would do for several searches of all names. */
async function idle(server: SeededServer): Promise<void> {
  for (let i = 0; i < 60; i++) for await (const _ of server.client.readStream("$streams", { maxCount: 500 })) continue;
}

uiTest("many streams – all categories come and stay, and then nothing is read", { streams: new Map() }, async (ui) => {
  const { workbench, server, step, screenshot } = ui;
  const { page, sideBar, quickInput } = workbench;
  const view = sideBar.view("Streams");
  await using ending = new AsyncDisposableStack();
  const relay = await relayTo({ after: (end) => ending.defer(end) }, server.port);

  await step(`${STREAMS} streams in 160 categories are there`, () => appendStreams(server, NAMES));
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
    const last = view.item(BELOW).locator;
    do await page.keyboard.press("End");
    while (!(await last.isVisible()));
    await screenshot("many-streams");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowLeft");
  });
  await step("nothing is read while nothing changes", async () => {
    const before = relay.received;
    await idle(server);
    const read = relay.received - before;
    assert.ok(read < BYTES_OF_IDLING, `${read} bytes were read`);
    assert.deepEqual(await view.allLabels(), ROWS, "what has come stays");
  });
});

uiTest("many streams – one category is shown a page at a time, in every view", { streams: new Map() }, async (ui) => {
  const { workbench, server, step, screenshot } = ui;
  const { page, sideBar, quickInput, webviews, editors } = workbench;
  const view = sideBar.view("Streams");
  const last = `one-${STREAMS - 1}`;
  const count = STREAMS.toLocaleString("en");
  await using ending = new AsyncDisposableStack();
  const relay = await relayTo({ after: (end) => ending.defer(end) }, server.port);

  await step(`${STREAMS} streams in one category are there`, () =>
    appendStreams(
      server,
      Array.from({ length: STREAMS }, (_, i) => `one-${i}`),
    ),
  );
  await step("the tree shows the first page of it, and the next when it is asked to", async () => {
    await sideBar.open("Sluice");
    await addConnection(workbench, `esdb://127.0.0.1:${relay.port}?tls=false`, "big");
    await view.open();
    await view.item("one").expand();
    await view.item(last).locator.waitFor();
    await quickInput.command("Sluice: Focus on Streams View");
    await view.hasFocus();
    const more = view.item("Load more…").locator;
    do await page.keyboard.press("End");
    while (!(await more.isVisible()));
    await more.getByText(`${PAGE} of ${count} are shown`).waitFor();
    await screenshot("many-streams-one-category");
    await page.keyboard.press("Enter");
    do await page.keyboard.press("End");
    while (!(await more.getByText(`${2 * PAGE} of ${count} are shown`).isVisible()));
  });
  await step("Find Stream finds the last of them", async () => {
    await quickInput.command("Sluice: Find Stream…");
    await quickInput.asks("Find Stream");
    await quickInput.fill(last, { isAccepted: false });
    await quickInput.pick(last);
    const panel = await webviews.active("Noted");
    await panel.getByText(/^0 of 1$/).waitFor();
  });
  await step("it stands among those opened last, and among the favorites", async () => {
    await quickInput.command("Sluice: Focus on Streams View");
    await view.hasFocus();
    await page.keyboard.press("Home");
    await view.item("Recent").expand();
    await view.item(last).action("Add to Favorites");
    await view.begins("$all", "Favorites");
  });
  await step("the panel shows all events of the category", async () => {
    await quickInput.command("Sluice: Open Stream by Name…");
    await quickInput.asks("Open a Stream");
    await quickInput.fill("$ce-one");
    await editors.tab(/^\$ce-one/).waitFor();
    const panel = await webviews.active(new RegExp(`of ${count}$`));
    // By revision: the streams were made side by side, so that nobody knows which is the first of them.
    const revision = (name: number) => panel.getByRole("gridcell", { name: String(name), exact: true }).first();
    await revision(STREAMS - 1).waitFor();
    await panel.getByRole("grid").focus();
    await page.keyboard.press("Control+Home");
    await revision(0).waitFor();
  });
  await step("nothing is read while nothing changes", async () => {
    const before = relay.received;
    await idle(server);
    const read = relay.received - before;
    assert.ok(read < BYTES_OF_IDLING, `${read} bytes were read`);
  });
});
