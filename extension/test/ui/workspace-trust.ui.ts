import assert from "node:assert/strict";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { addConnection } from "./add-connection.ts";
import { uiTest } from "./ui-test.ts";

/** What the workspace would have run as the embedded server, if it were asked. */
const RAN = "it-was-run";

function prepare(folder: string): void {
  mkdirSync(join(folder, ".vscode"));
  const shared = { name: "shared", connectionString: "esdb://${env:SLUICE_SHARED_SERVER}?tls=false" };
  writeFileSync(join(folder, ".vscode", "sluice.json"), JSON.stringify({ connections: [shared] }));
  const settings = { "sluice.embedded.command": ["touch", join(folder, RAN)] };
  writeFileSync(join(folder, ".vscode", "settings.json"), JSON.stringify(settings));
}

const options = {
  asksForTrust: true,
  settings: { "security.workspace.trust.startupPrompt": "never", "workbench.editor.useModal": "off" },
  env: { SLUICE_SHARED_SERVER: "127.0.0.1:1" },
  prepare,
};

uiTest("workspace trust – nothing of the workspace is read or run without it", options, async (ui) => {
  const { workbench, server, folder, step, screenshot } = ui;
  const { sideBar, messages, page } = workbench;
  const connections = sideBar.view("Connections");

  await step("its connections are not read, which is said", async () => {
    await sideBar.open("Sluice");
    await connections.item(/sluice\.json is not read/).locator.waitFor();
    assert.equal((await connections.labels()).length, 1);
    await screenshot("workspace-not-trusted");
  });

  await step("connections of one's own work all the same", async () => {
    await addConnection(workbench, server.connectionString, "own");
    await connections.item(/^own, .*, connected/).locator.waitFor();
  });

  await step("no server is started out of it, with a button that leads to the trust", async () => {
    await workbench.command("Sluice: Start Embedded Server");
    await messages.answer("Trust the workspace to run it", "Manage Workspace Trust");
    assert.equal(existsSync(join(folder, RAN)), false);
    await page.getByRole("button", { name: "Trust", exact: true }).click();
    await page.getByText("You trust this folder").waitFor();
  });

  await step("with it, its connections are there, and the environment is put into them", async () => {
    const shared = connections.item(/^shared/);
    await shared.locator.waitFor();
    await shared.click();
    await connections.item("No server answers at 127.0.0.1:1").locator.waitFor();
  });
});
