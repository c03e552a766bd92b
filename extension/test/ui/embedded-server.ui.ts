import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { uiTest } from "./ui-test.ts";

const MAIN = join(import.meta.dirname, "../../../embedded/src/cli/main.ts");
const settings = {
  "sluice.embedded.command": [process.execPath, "--conditions=sluice-source", MAIN],
  "sluice.embedded.memory": true,
};

uiTest("embedded server – started and stopped", { settings }, async ({ workbench, step, screenshot }) => {
  const { sideBar, messages } = workbench;
  const connections = sideBar.view("Connections");

  await step("started from the welcome view, it is the current connection", async () => {
    await sideBar.open("Sluice");
    await connections.welcome("Start Embedded Server").click();
    await connections.item(/^embedded server, .*, connected/).locator.waitFor();
    await messages.statusItem(/^embedded server, .*, connected/).waitFor();
    await screenshot("embedded-server");
  });

  await step("its log says what it says", async () => {
    await workbench.command("Sluice: Show Log of the Embedded Server");
    await messages.output('"event":"listening"').waitFor();
    const log = await messages.output('"event":"listening"').textContent();
    if (log === null || !log.includes("127.0.0.1")) throw new Error(`It listens elsewhere: ${log}`);
  });

  await step("stopped, it stays the current connection, and its panels keep what they show", async () => {
    await connections.action("Stop Embedded Server");
    await connections.item(/^embedded server, .*, stopped/).locator.waitFor();
    await messages.statusItem(/^embedded server, .*, stopped/).waitFor();
    await sideBar.view("Streams").item("The embedded server is stopped. Start it.").locator.waitFor();
    await screenshot("embedded-server-stopped");
  });

  await step("and is started again from its row", async () => {
    await connections.item(/^embedded server/).action("Start Embedded Server");
    await connections.item(/^embedded server, .*, connected/).locator.waitFor();
    await sideBar.view("Streams").item("There are no streams yet").locator.waitFor();
  });
});

/** Lays a package into the workspace whose files are not there. */
function prepare(folder: string): void {
  const directory = join(folder, "node_modules", "@sluice", "embedded");
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, "package.json"), '{ "bin": { "sluice-embedded": "./dist/cli/main.js" } }');
}

// A PATH on which no test's own package lies.
const env = { PATH: "/usr/bin:/bin" };

for (const [what, options, sentence] of [
  ["not installed", { env }, "The embedded server is not installed"],
  ["installed without its files", { env, prepare }, "The embedded server is installed, but"],
] as const) {
  uiTest(`embedded server – ${what}`, options, async ({ workbench, step, screenshot }) => {
    const { sideBar, messages, page } = workbench;

    await step("is said, with a button that installs it", async () => {
      await sideBar.open("Sluice");
      await sideBar.view("Connections").welcome("Start Embedded Server").click();
      await messages.notification(sentence).waitFor();
      await screenshot(`embedded-server-${what.replaceAll(" ", "-")}`);
      await messages.answer(sentence, "Install");
      // What stands in a terminal is painted, not written; its name is written.
      await page.getByText("Install the embedded server", { exact: true }).first().waitFor();
    });
  });
}
