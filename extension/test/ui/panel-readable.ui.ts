import assert from "node:assert/strict";
import { binaryEvent } from "@eventstore/db-client";
import type { Seed } from "../server/seeded-server.ts";
import { accessibilityViolations } from "../workbench/accessibility.ts";
import { type Theme, THEMES } from "../workbench/workbench.ts";
import { addConnection } from "./add-connection.ts";
import { uiTest } from "./ui-test.ts";

const STREAM = "kinds-1";
const everyToken: Seed = {
  type: "EveryToken",
  data: { key: "a string", number: 9_007_199_254_740_991, literals: [true, false, null], nested: { minus: -1.5e-7 } },
  metadata: { $correlationId: "c-1", $causationId: "c-0", attempt: 2 },
};
const streams = new Map([[STREAM, [everyToken, everyToken]]]);

uiTest("stream panel – readable in every theme, and at 200 %", { streams }, async (ui) => {
  const { workbench, server, step, screenshot } = ui;
  const { page, quickInput, sideBar, webviews } = workbench;
  await server.client.appendToStream(STREAM, binaryEvent({ type: "$>", data: Buffer.from("7@nowhere") }));
  await sideBar.open("Sluice");
  await addConnection(workbench, server.connectionString);
  await quickInput.command("Sluice: Open Stream by Name…");
  await quickInput.asks("Open a Stream");
  await quickInput.fill(STREAM);
  const panel = await webviews.active("EveryToken");
  // Details and grid stand beside each other then, and no token is out of sight where it would not be measured.
  await quickInput.command("View: Close Primary Side Bar");
  await panel.getByRole("gridcell", { name: "EveryToken" }).first().click();
  const details = panel.getByRole("region", { name: "Event" });
  await details.getByText("9007199254740991").waitFor();
  await panel.getByRole("button", { name: "Follow New Events" }).click();
  await panel.getByText("Live", { exact: true }).waitFor();
  for (const [theme, kind] of Object.entries(THEMES) as [Theme, string][]) {
    await step(theme, async () => {
      await workbench.setTheme(theme);
      await screenshot(`panel-readable-${kind}`);
      assert.deepEqual(await accessibilityViolations(panel), []);
    });
  }
  await step("at 200 %, nothing but the grid and the bodies is scrolled sideways", async () => {
    // To what is laid out, a window of half the pixels is one that is enlarged twice.
    await page.setViewportSize({ width: 640, height: 400 });
    await details.getByText("9007199254740991").scrollIntoViewIfNeeded();
    await screenshot("panel-readable-200-percent");
    const [inSight, laidOut] = await panel.locator("body").evaluate((body) => [body.clientWidth, body.scrollWidth]);
    assert.ok(laidOut! <= inSight!, `${laidOut} pixels are laid out, ${inSight} are in sight`);
    await panel.getByRole("gridcell", { name: "EveryToken" }).first().click();
    assert.deepEqual(await accessibilityViolations(panel), []);
  });
});
