import assert from "node:assert/strict";
import type { FrameLocator } from "playwright-core";
import { accessibilityViolations } from "../workbench/accessibility.ts";
import type { Workbench } from "../workbench/workbench.ts";
import { addConnection } from "./add-connection.ts";
import { uiTest } from "./ui-test.ts";

/** Adds a connection as a user does, and opens a stream of it. */
async function openStream(workbench: Workbench, connectionString: string, stream: string): Promise<void> {
  const { quickInput, sideBar } = workbench;
  await sideBar.open("Sluice");
  await addConnection(workbench, connectionString);
  await quickInput.command("Sluice: Open Stream by Name…");
  await quickInput.asks("Open a Stream");
  await quickInput.fill(stream);
}

const row = (panel: FrameLocator, revision: number) =>
  panel.getByRole("row").filter({ has: panel.getByRole("gridcell", { name: String(revision), exact: true }) });

uiTest("stream panel – browse, filter, follow", {}, async ({ workbench, server, step, screenshotInAllThemes }) => {
  const { page, webviews } = workbench;
  let panel: FrameLocator;
  await step("the newest events are there", async () => {
    await openStream(workbench, server.connectionString, "ledger-2026");
    panel = await webviews.active("Booked");
    await row(panel, 999).waitFor();
    await panel.getByText(/^\d+–999 of 1,000$/).waitFor();
    await panel.locator(".grid:focus").waitFor();
  });
  await step("an event is shown with all that is known of it", async () => {
    await row(panel, 995).click();
    await panel.getByRole("region", { name: "Event" }).getByText("9950").waitFor();
    await screenshotInAllThemes("stream-panel");
    assert.deepEqual(await accessibilityViolations(panel), []);
  });
  await step("keys move as in VS Code's lists", async () => {
    await panel.getByRole("grid").focus();
    await page.keyboard.press("Control+C");
    await page.locator(".statusbar").getByText("Copied the data").waitFor();
    await page.keyboard.press("Control+Home");
    await row(panel, 0).waitFor();
    // The first rows of a page are drawn before the rest of it is there, and the last of those held would be another one.
    await panel.locator("vscode-progress-bar").waitFor({ state: "hidden" });
    await page.keyboard.press("End");
    await row(panel, 99).waitFor();
    await page.keyboard.press("Home");
    await page.keyboard.press("Enter");
    await panel.getByRole("region", { name: "Event" }).getByText("amount").waitFor();
  });
  await step("a filter shows what fits, and says what is wrong with it", async () => {
    await page.keyboard.press("Control+F");
    // The key is a command of the host's, whose word comes to the panel a little later.
    await panel.getByRole("combobox", { name: "Filter" }).and(panel.locator(":focus")).waitFor();
    await page.keyboard.type("typ:x");
    await panel.getByText("“typ:” is none of").waitFor();
    await panel.locator(".filter-mirror span").getByText("typ:x").waitFor();
    for (let key = 0; key < 5; key++) await page.keyboard.press("Backspace");
    await page.keyboard.type("$.am");
    await panel.getByRole("option", { name: "$.amount" }).waitFor();
    await screenshotInAllThemes("panel-filter");
    await panel.getByRole("combobox", { name: "Filter" }).focus();
    await page.keyboard.press("End");
    await page.keyboard.type("ount>");
    await panel.getByText("A value is missing at the end.").waitFor();
    await page.keyboard.type("9900");
    await page.keyboard.press("Enter");
    await panel.getByText("Found 9").waitFor();
    assert.deepEqual(await accessibilityViolations(panel), []);
    await panel.getByRole("button", { name: "Clear Filter" }).click();
  });
  await step("new events come by themselves", async () => {
    await panel.getByRole("button", { name: "Follow New Events" }).click();
    await panel.getByText("Live", { exact: true }).waitFor();
    await server.append("ledger-2026", [{ type: "Corrected", data: { entry: 1_000 } }]);
    await row(panel, 1_000).waitFor();
    await panel.getByRole("button", { name: "Newest Events" }).click();
    await server.append("ledger-2026", [{ type: "Corrected", data: { entry: 1_001 } }]);
    await row(panel, 1_001).waitFor();
    await panel.getByRole("button", { name: "Follow New Events" }).click();
  });
  await step("details that are open are those of the event that is shown first", async () => {
    await row(panel, 1_001).click();
    const details = panel.getByRole("region", { name: "Event" });
    await details.getByText("1001", { exact: true }).first().waitFor();
    await panel.getByRole("button", { name: "First Events" }).click();
    await details.getByText("Booked", { exact: true }).waitFor();
    await panel.getByRole("button", { name: "Newest Events" }).click();
    await details.getByText("1001", { exact: true }).first().waitFor();
    await details.getByRole("button", { name: "Close" }).click();
  });
  await step("the keys of the context menu copy what the row holds", async () => {
    await row(panel, 998).click({ button: "right" });
    await page.getByRole("menuitem", { name: "Copy as Test Fixture" }).waitFor();
    await page.keyboard.press("Escape");
  });
  await step("an event like another one is drafted from the row's menu", async () => {
    await row(panel, 997).click({ button: "right" });
    const entry = page.getByRole("menuitem", { name: "Append Like This…" });
    await entry.hover();
    await page.keyboard.press("Enter");
    await workbench.editors.text.getByText('"amount": 9970').first().waitFor();
    await workbench.command("View: Revert and Close Editor");
    await row(panel, 997).waitFor();
  });
  await step("two events are compared in the diff editor", async () => {
    await row(panel, 996).click();
    await row(panel, 998).click({ modifiers: ["Shift"] });
    await panel.getByRole("button", { name: "Compare #996 with #998" }).waitFor();
    await page.keyboard.press("Shift+Alt+D");
    await workbench.editors.tab(/996@ledger-2026 ↔/).waitFor();
    await workbench.editors.diff.modified.getByText("998").first().waitFor();
    await workbench.editors.tab(/^ledger-2026/).click();
  });
});
