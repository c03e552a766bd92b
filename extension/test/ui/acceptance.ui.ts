import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { binaryEvent } from "@eventstore/db-client";
import type { FrameLocator } from "playwright-core";
import { type Seed, SEEDS } from "../server/seeded-server.ts";
import { addConnection } from "./add-connection.ts";
import { uiTest } from "./ui-test.ts";

const STREAM = "audit-2026";
const EVENTS = 100_000;
const streams = new Map<string, readonly Seed[]>([
  ...SEEDS,
  [STREAM, Array.from({ length: EVENTS }, (_, entry): Seed => ({ type: "Checked", data: { entry } }))],
]);

uiTest("acceptance – from a connection to an event and back, in a stream of 100,000", { streams }, async (ui) => {
  const { workbench, server, folder, step, screenshot } = ui;
  const { quickInput, sideBar, webviews, messages, editors } = workbench;
  let panel: FrameLocator;
  const row = (revision: number) =>
    panel.getByRole("row").filter({ has: panel.getByRole("gridcell", { name: String(revision), exact: true }) });
  const filterBy = async (filter: string): Promise<void> => {
    const box = panel.getByRole("combobox", { name: "Filter" });
    await box.fill(filter);
    await box.press("Enter");
  };

  await step("connect", async () => {
    await sideBar.open("Sluice");
    await addConnection(workbench, server.connectionString, "local");
    await sideBar
      .view("Connections")
      .item(/^local, .*connected/)
      .locator.waitFor();
  });
  await step("find the stream by the beginning of its name", async () => {
    await quickInput.command("Sluice: Find Stream…");
    await quickInput.asks("Find Stream");
    await quickInput.fill("audit", { isAccepted: false });
    await quickInput.pick(STREAM);
    panel = await webviews.active("Checked");
    await row(EVENTS - 1).waitFor();
    await screenshot("acceptance-stream");
  });
  await step("filter", async () => {
    await filterBy("$.entry>=99990");
    await panel.getByText("Found 10").waitFor();
    await screenshot("acceptance-filter");
    await panel.getByRole("button", { name: "Clear Filter" }).click();
  });
  await step("follow what arrives", async () => {
    await panel.getByRole("button", { name: "Follow New Events" }).click();
    await panel.getByText("Live", { exact: true }).waitFor();
    await server.append(STREAM, [{ type: "Arrived", data: { entry: EVENTS } }]);
    await row(EVENTS).waitFor();
    const link = binaryEvent({ type: "$>", data: Buffer.from("7@ledger-2026") });
    await server.client.appendToStream(STREAM, link);
    await row(EVENTS + 1).waitFor();
  });
  await step("open an event, and follow its link", async () => {
    await row(EVENTS + 1).click();
    await panel.getByRole("button", { name: "Go to the Original" }).first().click();
    await row(7).waitFor();
    await panel.getByRole("region", { name: "Event" }).getByText("amount").first().waitFor();
    await screenshot("acceptance-original");
  });
  await step("compare two events", async () => {
    await row(7).click();
    await row(8).click({ modifiers: ["Control"] });
    await panel.getByRole("button", { name: /^Compare/ }).click();
    await editors.diff.modified.locator(".view-line").first().waitFor();
    await screenshot("acceptance-compare");
    await workbench.command("View: Close Editor");
    await row(7).waitFor();
  });
  await step("export what the filter lets through", async () => {
    await filterBy("$.entry<3");
    await panel.getByText("Found 3").waitFor();
    await workbench.command("Sluice: Export Events…");
    await quickInput.saveAs("Export Events", join(folder, "ledger-2026.ndjson"));
    await messages.notification("Wrote 3 events").waitFor();
    const lines = readFileSync(join(folder, "ledger-2026.ndjson"), "utf8").trim().split("\n");
    assert.equal(lines.length, 3);
  });
  await step("reload the window, and go on in the same place", async () => {
    await workbench.reload();
    panel = await webviews.active("Found 3");
    await row(2).waitFor();
    await screenshot("acceptance-reloaded");
  });
});
