import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { uiTest } from "./ui-test.ts";

function share(folder: string, ...connections: readonly object[]): void {
  mkdirSync(join(folder, ".vscode"), { recursive: true });
  writeFileSync(join(folder, ".vscode", "sluice.json"), JSON.stringify({ connections }, undefined, 2));
}

uiTest("shared connections – as soon as their file is there", {}, async (ui) => {
  const { workbench, server, folder, step, screenshotInAllThemes } = ui;
  const { sideBar, editors } = workbench;
  const connections = sideBar.view("Connections");

  await step("a file that comes from outside is read", async () => {
    await sideBar.open("Sluice");
    await connections.welcome("Start Embedded Server").waitFor();
    share(
      folder,
      { name: "shared", connectionString: server.connectionString, policy: "confirm", color: "yellow" },
      { name: "broken", connectionString: "esdb://localhost:port" },
    );
    await connections.item(/^shared, .*not connected, ask before writing, yellow/).locator.waitFor();
  });

  await step("one is opened when it is used", async () => {
    await connections.item(/^shared/).click();
    await connections.item(/^shared, .*, connected/).locator.waitFor();
  });

  await step("what is wrong in the file is said, and leads there", async () => {
    await connections.item(/sluice\.json: problems: 1/).click();
    await editors.tab("sluice.json").waitFor();
    await screenshotInAllThemes("connections-shared");
  });
});

const WORKSPACE = "both.code-workspace";

/** Two folders which call their connections the same. */
function prepare(folder: string): void {
  for (const [name, port] of [
    ["billing", 1],
    ["sales", 2],
  ] as const) {
    share(join(folder, name), { name: "local", connectionString: `esdb://127.0.0.1:${port}?tls=false` });
  }
  writeFileSync(join(folder, WORKSPACE), JSON.stringify({ folders: [{ path: "billing" }, { path: "sales" }] }));
}

uiTest("shared connections – of several folders", { prepare, workspaceFile: WORKSPACE }, async (ui) => {
  const { workbench, server, folder, step, screenshot } = ui;
  const { sideBar, quickInput, editors } = workbench;
  const connections = sideBar.view("Connections");

  await step("those of each are there, and say where they come from", async () => {
    await sideBar.open("Sluice");
    await connections.item(/^local, 127\.0\.0\.1:1, billing/).locator.waitFor();
    await connections.item(/^local, 127\.0\.0\.1:2, sales/).locator.waitFor();
    await screenshot("connections-of-two-folders");
  });

  await step("a file that changes is read again, and the other one stays", async () => {
    share(join(folder, "sales"), { name: "sales", connectionString: server.connectionString });
    await connections.item(/^sales/).locator.waitFor();
    assert.equal((await connections.labels()).length, 2);
    await connections.item(/^sales/).click();
    await connections.item(/^sales, .*, connected/).locator.waitFor();
  });

  await step("a connection leads into the file of its folder", async () => {
    await connections.item(/^sales/).menu("Open Connections of the Workspace (sluice.json)");
    await editors.tab("sluice.json").waitFor();
    assert.match((await editors.lines()).join("\n"), /"sales"/);
  });

  await step("a new file is asked which folder it is for", async () => {
    await quickInput.command("Sluice: Open Connections of the Workspace (sluice.json)");
    await quickInput.pick("billing");
    await editors.text.getByText("127.0.0.1:1").waitFor();
  });
});
