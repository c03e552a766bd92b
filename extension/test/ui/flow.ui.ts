import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { FrameLocator } from "playwright-core";
import { until } from "../../../test/until.ts";
import { accessibilityViolations } from "../workbench/accessibility.ts";
import { addConnection } from "./add-connection.ts";
import { placePurchase } from "./purchase.ts";
import { uiTest } from "./ui-test.ts";

const settings = { "window.commandCenter": false, "window.title": "Sluice" };
const options = { streams: new Map(), settings, width: 1440, height: 900 } as const;

uiTest("flow – a purchase is followed through the components to the message that was parked", options, async (ui) => {
  const { workbench, server, folder, step, screenshotInAllThemes } = ui;
  const { page, quickInput, sideBar, webviews, editors } = workbench;
  const correlationId = randomUUID();
  let panel: FrameLocator;
  const row = (name: string | RegExp) => panel.getByRole("tabpanel").getByRole("row", { name }).first();

  await step("from an event of the process manager, by a key", async () => {
    await placePurchase(server.connectionString, correlationId);
    await sideBar.open("Sluice");
    await addConnection(workbench, server.connectionString, "trade");
    await quickInput.command("View: Close Primary Side Bar");
    await quickInput.command("Sluice: Open Stream by Name…");
    await quickInput.asks("Open a Stream");
    await quickInput.fill("purchase-hamburg.0");
    const stream = await webviews.active("settlement.PurchaseBegun");
    await stream.getByRole("gridcell", { name: "settlement.PurchaseBegun" }).click();
    await stream.getByRole("button", { name: "Show Flow" }).waitFor();
    await page.keyboard.press("Shift+Alt+W");
    panel = await webviews.active("found by $bc-");
    await editors.tab(/^Flow /).waitFor();
  });
  await step("the tree says what led to what, and what was parked", async () => {
    await row(
      /^accounting.BookPurchase settlement accounting .*Parked by accounting: Unrecoverable: the books/,
    ).waitFor();
    await panel.getByRole("img", { name: "Tree, drawn" }).waitFor();
    await screenshotInAllThemes("flow-tree", panel);
  });
  await step("keys move through the table, and open an event in its stream beside", async () => {
    await panel.getByRole("treegrid").focus();
    await page.keyboard.press("Enter");
    // Its own tab would cover the conversation: another one stands beside it.
    const own = await webviews.showing(/^0–6 of 7$/);
    await own.getByRole("gridcell", { name: "settlement.PurchaseBegun" }).waitFor();
    panel = await webviews.showing("found by $bc-");
    await page.keyboard.press("Home");
    await page.keyboard.press("Enter");
    await editors.tab(/^in.ordering-shop/).waitFor();
    const beside = await webviews.showing(/^0 of 1$/);
    await beside.getByRole("gridcell", { name: "ordering.PlaceOrder" }).waitFor();
    const flow = await webviews.showing("found by $bc-");
    await flow.getByRole("treegrid").and(flow.locator(":focus")).waitFor();
    await page.keyboard.press("ArrowDown");
    await flow.locator("tr.active").filter({ hasText: "ordering.OrderPlaced" }).waitFor();
    await editors.tab(/^in.ordering-shop/).click({ button: "middle" });
    await editors.tab(/^in.ordering-shop/).waitFor({ state: "detached" });
  });
  await step("the sequence says who sent what to whom", async () => {
    panel = await webviews.active("found by $bc-");
    await panel.getByRole("tab", { name: "Tree" }).focus();
    await page.keyboard.press("ArrowRight");
    await row(/settlement fulfillment.ShipOrder fulfillment/).waitFor();
    await screenshotInAllThemes("flow-sequence", panel);
  });
  await step("the timeline says what each event changed in its instance", async () => {
    await page.keyboard.press("Shift+Alt+3");
    await panel.getByRole("combobox", { name: "Stream of the timeline" }).selectOption("purchase-hamburg.0");
    await row(/settlement.FeeNoted/).waitFor();
    await panel.getByRole("grid").focus();
    await page.keyboard.press("Home");
    for (let revision = 0; revision < 2; revision++) await page.keyboard.press("ArrowDown");
    await panel.locator("tr.active").filter({ hasText: "settlement.FeeNoted" }).waitFor();
    await panel.getByRole("heading", { name: "Values known before and after revision" }).waitFor();
    await panel
      .getByRole("region", { name: "State" })
      .getByRole("row", { name: /^\$\.fee/ })
      .waitFor();
    await screenshotInAllThemes("flow-timeline", panel);
  });
  await step("links stand below the events that they led on, when they are asked for", async () => {
    await page.keyboard.press("Shift+Alt+1");
    await panel.getByRole("button", { name: "Show Links" }).click();
    await row(/^Link \d+ of \$ce-in.accounting/).waitFor();
    assert.deepEqual(await accessibilityViolations(panel), []);
    await panel.getByRole("button", { name: "Show Links" }).click();
    await row(/^Link/).waitFor({ state: "detached" });
  });
  await step("what is drawn is copied as Mermaid, and saved as SVG", async () => {
    await panel.getByRole("button", { name: "Copy as Mermaid" }).click();
    await page.locator(".statusbar").getByText("Copied as Mermaid").waitFor();
    const text = join(folder, "flow.mmd");
    await quickInput.command("Sluice: Flow: Save as Mermaid…");
    await quickInput.saveAs("Save the Drawing", text);
    await until(async () => (existsSync(text) && readFileSync(text, "utf8").endsWith("\n") ? true : undefined));
    assert.match(readFileSync(text, "utf8"), /^flowchart LR\n(?:.*\n)*.*accounting.BookPurchase.*:::failed/);
    const file = join(folder, "flow.svg");
    await quickInput.command("Sluice: Flow: Save as SVG…");
    await quickInput.saveAs("Save the Drawing", file);
    await until(async () => (existsSync(file) && readFileSync(file, "utf8").endsWith("</svg>\n") ? true : undefined));
    assert.doesNotMatch(readFileSync(file, "utf8"), /var\(|""/);
  });
  await step("after a reload it stands where it stood", async () => {
    await page.keyboard.press("Shift+Alt+2");
    await panel.getByRole("img", { name: "Sequence, drawn" }).waitFor();
    await workbench.reload();
    panel = await webviews.active("found by $bc-");
    await panel.getByRole("tab", { name: "Sequence", selected: true }).waitFor();
    await row(/settlement fulfillment.ShipOrder fulfillment/).waitFor();
  });
  await step("an id that nobody knows is searched in the log, and the panel says so", async () => {
    await quickInput.command("Sluice: Show Flow by Correlation Id…");
    await quickInput.asks("Show a Conversation of trade");
    await quickInput.fill("nobody");
    panel = await webviews.active("its log was searched");
    await panel.getByText("There are no events here.").waitFor();
    await panel.getByText(/All \d+ events of it were looked at/).waitFor();
    assert.deepEqual(await accessibilityViolations(panel), []);
  });
});
