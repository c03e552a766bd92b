import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "../../../test/until.ts";
import { addConnection } from "./add-connection.ts";
import { uiTest } from "./ui-test.ts";

uiTest("export – events into a file, with a way out while the server thinks", {}, async (ui) => {
  const { workbench, server, folder, step, screenshot } = ui;
  const { quickInput, sideBar, webviews, messages } = workbench;
  const exportTo = async (file: string): Promise<void> => {
    await workbench.command("Sluice: Export Events…");
    await quickInput.saveAs("Export Events", join(folder, file));
  };

  await step("open a stream", async () => {
    await sideBar.open("Sluice");
    await addConnection(workbench, server.connectionString);
    await quickInput.command("Sluice: Find Stream…");
    await quickInput.asks("Find Stream");
    await quickInput.fill("ledger", { isAccepted: false });
    await quickInput.pick("ledger-2026");
    await webviews.active("Booked");
  });
  await step("canceled, it leaves nothing", async () => {
    using _ = server.suspended();
    await exportTo("ledger.json");
    await messages.notification("Exporting ledger-2026").waitFor();
    await screenshot("export-progress");
    await messages.answer("Exporting ledger-2026", "Cancel");
    await messages.notification("Exporting ledger-2026").waitFor({ state: "detached" });
    await until(async () => (readdirSync(folder).length === 0 ? true : undefined));
  });
  await step("to the end, in the format that the file's name says", async () => {
    await exportTo("ledger.csv");
    await messages.notification("Wrote 1000 events").waitFor();
    const [head, ...lines] = readFileSync(join(folder, "ledger.csv"), "utf8").trim().split("\r\n");
    assert.match(head ?? "", /revision/);
    assert.equal(lines.length, 1_000);
    assert.deepEqual(readdirSync(folder), ["ledger.csv"]);
  });
});

uiTest("connections – to a file and back, without passwords", {}, async (ui) => {
  const { workbench, server, folder, step } = ui;
  const { quickInput, sideBar, messages } = workbench;
  const connections = sideBar.view("Connections");
  const file = join(folder, "shared.json");

  await step("written to a file, passwords left out", async () => {
    await sideBar.open("Sluice");
    await addConnection(workbench, server.connectionString.replace("esdb://", "esdb://admin:changeit@"), "local");
    await quickInput.command("Sluice: Export Connections…");
    await quickInput.asks("Which connections?");
    await quickInput.box.press("Enter");
    await quickInput.saveAs("Export connections", file);
    await messages.notification("Exported 1 connections. Left out: 1 passwords").waitFor();
    const text = readFileSync(file, "utf8");
    assert.match(text, /"login": "admin"/);
    assert.doesNotMatch(text, /changeit/);
  });
  await step("read from a file, each under a name of its own", async () => {
    const { connections: written } = JSON.parse(readFileSync(file, "utf8")) as { connections: object[] };
    const namesake = { ...written[0], connectionString: "esdb://127.0.0.1:1?tls=false" };
    writeFileSync(file, JSON.stringify({ connections: [namesake, { name: "half" }] }));
    await quickInput.command("Sluice: Import Connections…");
    await quickInput.openFile("Import connections", folder, "shared.json");
    await messages.notification("Imported 1 connections. 1 things in the file were not taken").waitFor();
    await connections.item(/^local 2, /).locator.waitFor();
  });
});
