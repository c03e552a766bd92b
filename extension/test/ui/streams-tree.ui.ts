import assert from "node:assert/strict";
import { addConnection } from "./add-connection.ts";
import { uiTest } from "./ui-test.ts";

uiTest("streams – browse by category, find, mark", {}, async (ui) => {
  const { workbench, server, step, screenshot, screenshotInAllThemes } = ui;
  const { page, sideBar, quickInput, webviews, editors } = workbench;
  const view = sideBar.view("Streams");
  await step("a connection shows its categories", async () => {
    await sideBar.open("Sluice");
    await addConnection(workbench, server.connectionString);
    await view.open();
    await view.item("ledger").locator.waitFor();
    await view.item("order").expand();
    await view.item("order-30").locator.waitFor();
  });
  await step("a favorite is shown at the top", async () => {
    await view.item("order-29").action("Add to Favorites");
    await view.item("Favorites").expand();
    await view.begins("$all", "Favorites", "order-29");
  });
  await screenshotInAllThemes("streams-tree");
  await step("a stream is found by the beginning of its name", async () => {
    await quickInput.command("Sluice: Find Stream…");
    await quickInput.asks("Find Stream");
    await quickInput.fill("LEDG", { isAccepted: false });
    await page.getByRole("option", { name: "ledger-2026" }).waitFor();
    const options = page.getByRole("option");
    assert.match((await options.first().getAttribute("aria-label")) ?? "", /^ledger-/, "the category comes first");
    assert.match((await options.last().getAttribute("aria-label")) ?? "", /^LEDG, not there yet/);
    await screenshot("find-stream");
  });
  await step("it opens in its panel, and is recent from then on", async () => {
    await quickInput.pick("ledger-2026");
    await webviews.active("Booked");
    await view.item("Recent").locator.waitFor();
  });
  await step(
    "a click shows a stream in one tab that the next one takes, and keeps the focus; a double click opens it",
    async () => {
      // Room for the rows that are clicked.
      await sideBar.view("Connections").close();
      await view.item("order-30").click();
      await editors.tab(/^order-30 ·/).waitFor();
      await view.item("order-28").click();
      await editors.tab(/^order-28 ·/).waitFor();
      await editors.tab(/^order-30 ·/).waitFor({ state: "detached" });
      await view.hasFocus();
      await view.item("order-27").locator.dblclick();
      await editors.tab(/^order-27 ·/).waitFor();
      await view.item("order-26").click();
      await editors.tab(/^order-26 ·/).waitFor();
      await editors.tab(/^order-27 ·/).waitFor();
    },
  );
  await step("hidden behind another editor, the tab shows what is clicked next, and where it is opened", async () => {
    await quickInput.command("File: New Untitled Text File");
    await editors.hasFocus();
    await view.item("order-25").click();
    await editors.tab(/^order-25 ·/).waitFor();
    const panel = await webviews.active("OrderPaid");
    await panel.getByRole("grid", { name: "Events of order-25" }).waitFor();
    await view.item("ledger").expand();
    await view.item("ledger-2026").menu("Open Stream from Its Start");
    await (await webviews.active("Booked")).getByRole("gridcell", { name: "0", exact: true }).waitFor();
  });
  await step("a category leads to all of its events", async () => {
    await view.item(/^order(?!-)/).menu("Open All Events of the Category ($ce)");
    await editors.tab(/^\$ce-order ·/).waitFor();
    await webviews.active("OrderPaid");
  });
  await step("the keyboard alone opens a stream", async () => {
    await quickInput.command("Sluice: Focus on Streams View");
    await view.hasFocus();
    await page.keyboard.press("End");
    await page.keyboard.press("Enter");
    await editors.tab(/^order-1 ·/).waitFor();
    await webviews.active("OrderPaid");
    await quickInput.command("Sluice: Focus on Streams View");
    await view.hasFocus();
    await page.keyboard.press("Home");
    await view.item("Recent").expand();
  });
  await step("favorites, and what was opened last, are there again after a reload", async () => {
    await workbench.reload();
    await sideBar.open("Sluice");
    await view.item("Favorites").expand();
    await view.item("Recent").expand();
    await view.begins("$all", "Favorites", "order-29", "Recent", "order-1", "$ce-order", "ledger-2026");
    await view.item("order-29").action("Remove from Favorites");
    await view.begins("$all", "Recent", "order-1", "$ce-order");
  });
});
