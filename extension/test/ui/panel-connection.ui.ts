import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FrameLocator } from "playwright-core";
import { ServerProcess } from "../../../test/server-process.ts";
import { SeededServer } from "../server/seeded-server.ts";
import { accessibilityViolations } from "../workbench/accessibility.ts";
import { addConnection } from "./add-connection.ts";
import { uiTest } from "./ui-test.ts";

const STREAM = "ledger-2026";
const booked = (entry: number) => ({ type: "Booked", data: { entry } });

uiTest("stream panel – its server goes away, its connection is edited and removed", {}, async (ui) => {
  const { workbench, server, step, screenshot } = ui;
  const { quickInput, sideBar, webviews, messages, editors } = workbench;
  const connection = sideBar.view("Connections").item(/^durable/);
  const data = mkdtempSync(join(tmpdir(), "sluice-durable-"));
  const start = async (port?: number) =>
    new SeededServer(await ServerProcess.start(["--data", data, "--insecure"], port));
  let durable = await start();
  let panel: FrameLocator;
  const row = (revision: number) =>
    panel.getByRole("row").filter({ has: panel.getByRole("gridcell", { name: String(revision), exact: true }) });
  try {
    await step("a stream is followed", async () => {
      await durable.append(STREAM, [booked(0), booked(1)]);
      await sideBar.open("Sluice");
      await addConnection(workbench, durable.connectionString, "durable");
      await connection.locator.waitFor();
      await quickInput.command("Sluice: Open Stream by Name…");
      await quickInput.asks("Open a Stream");
      await quickInput.fill(STREAM);
      panel = await webviews.active("Booked");
      await panel.getByRole("button", { name: "Follow New Events" }).click();
      await panel.getByText("Live", { exact: true }).waitFor();
      await durable.append(STREAM, [booked(2)]);
      await row(2).waitFor();
    });
    const away = () => panel.getByText("The server does not answer");
    await step(
      "its server goes away: the panel says so, keeps what it shows, and goes on when it is back",
      async () => {
        const { port } = durable;
        await durable.kill();
        await away().waitFor();
        await row(2).waitFor();
        await screenshot("panel-server-away");
        durable = await start(port);
        await durable.append(STREAM, [booked(3)]);
        await row(3).waitFor();
        await away().waitFor({ state: "detached" });
      },
    );
    await step("another one comes in its place: the panel shows what is there, and follows that", async () => {
      const { port } = durable;
      await durable.kill();
      await away().waitFor();
      rmSync(data, { recursive: true, force: true });
      durable = await start(port);
      await panel.getByText("There is no stream of this name yet").waitFor();
      await durable.append(STREAM, [booked(0)]);
      await row(0).waitFor();
      assert.equal(await row(1).count(), 0);
    });
    await step("edited to lead to another server, it shows what is there, and follows that", async () => {
      await connection.menu("Edit Connection String…");
      await quickInput.asks("Edit durable");
      await quickInput.fill(server.connectionString);
      await row(999).waitFor();
      await server.append(STREAM, [booked(1_000)]);
      await row(1_000).waitFor();
    });
    await step("hidden behind another editor, its tab has the new name of its connection", async () => {
      await quickInput.command("File: New Untitled Text File");
      await editors.hasFocus();
      await connection.menu("Rename Connection…");
      await quickInput.asks("Rename durable");
      await quickInput.fill("durable 2");
      await editors.tab(`${STREAM} · durable 2`).click();
      panel = await webviews.active("Booked");
      await row(1_000).waitFor();
    });
    await step("removed, it says why nothing more comes, and keeps what was read", async () => {
      await connection.menu("Remove Connection…");
      await messages.decide("Remove the connection durable 2?", "Remove");
      await panel.getByText("The connection was removed").waitFor();
      await row(1_000).waitFor();
      await screenshot("panel-connection-removed");
      assert.deepEqual(await accessibilityViolations(panel), []);
    });
  } finally {
    await durable[Symbol.asyncDispose]();
    rmSync(data, { recursive: true, force: true });
  }
});
