import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { addConnection } from "./add-connection.ts";
import { uiTest } from "./ui-test.ts";

/** The web worker host takes the extension, as VS Code in a browser without a machine behind it does. */
const settings = { "remote.extensionKind": { "sluice.sluice-vscode": ["web"] } };

function prepare(folder: string): void {
  mkdirSync(join(folder, ".vscode"));
  const shared = { name: "shared", connectionString: "esdb://localhost:2113?tls=false" };
  writeFileSync(join(folder, ".vscode", "sluice.json"), JSON.stringify({ connections: [shared] }));
}

uiTest("in a browser – what is not offered is said", { settings }, async (ui) => {
  const { workbench, server, step, screenshot } = ui;
  const { sideBar, quickInput } = workbench;
  const connections = sideBar.view("Connections");

  await step("in place of what could be started", async () => {
    await sideBar.open("Sluice");
    await connections.welcome("cannot reach EventStoreDB").waitFor();
    await screenshot("browser-welcome");
    assert.equal(await connections.welcome("Start Embedded Server").count(), 0);
  });

  await step("no command for it is in the palette", async () => {
    const offered = await quickInput.commandsFor("Sluice: S", "Sluice: Set Color…");
    assert.deepEqual(
      offered.filter((title) => title.includes("Embedded")),
      [],
    );
  });

  await step("when a connection is to be opened", async () => {
    await addConnection(workbench, server.connectionString, "local");
    await connections.item(/^local, .*failed/).locator.waitFor();
    await connections.item("A browser cannot reach a server by gRPC").locator.waitFor();
  });
});

uiTest("in a browser – connections of the workspace are read", { settings, prepare }, async (ui) => {
  const { workbench, step } = ui;
  const connections = workbench.sideBar.view("Connections");

  await step("through VS Code's own file systems", async () => {
    await workbench.sideBar.open("Sluice");
    await connections.item(/^shared, .*not connected/).locator.waitFor();
  });
});
