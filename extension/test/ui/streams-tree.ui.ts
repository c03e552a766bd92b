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
  await step("a favourite is shown at the top", async () => {
    await view.item("order-29").action("Add to Favourites");
    await view.item("Favourites").expand();
    await view.begins("$all", "Favourites", "order-29");
  });
  await screenshotInAllThemes("streams-tree");
  await step("a stream is found by the beginning of its name", async () => {
    await quickInput.command("Sluice: Find Stream…");
    await quickInput.asks("The beginning of a stream's name");
    await quickInput.fill("ledg", { isAccepted: false });
    await page.getByRole("option", { name: "ledger-2026" }).waitFor();
    await screenshot("find-stream");
  });
  await step("it opens in its panel, and is recent from then on", async () => {
    await quickInput.pick("ledger-2026");
    await webviews.active("Booked");
    await view.item("Recent").locator.waitFor();
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
  await step("favourites, and what was opened last, are there again after a reload", async () => {
    await workbench.reload();
    await sideBar.open("Sluice");
    await view.item("Favourites").expand();
    await view.item("Recent").expand();
    await view.begins("$all", "Favourites", "order-29", "Recent", "order-1", "ledger-2026");
    await view.item("order-29").action("Remove from Favourites");
    await view.begins("$all", "Recent", "order-1", "ledger-2026");
  });
});
