import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Keyboard } from "../workbench/keyboard.ts";
import { uiTest } from "./ui-test.ts";

const ROOT = join(import.meta.dirname, "../../..");
const settings = {
  "sluice.embedded.command": [process.execPath, "--conditions=sluice-source", join(ROOT, "embedded/src/cli/main.ts")],
  "sluice.embedded.memory": true,
  "workbench.editor.useModal": "off",
};
/** Terminals find the Node of this repository first. */
const env = { PATH: `${join(ROOT, "node_modules/.bin")}:${process.env["PATH"]}` };

uiTest(
  "newcomer – from an empty folder to a message that is handled, by the walkthrough",
  { settings, env },
  async (ui) => {
    const { workbench, folder, step, screenshot, screenshotInAllThemes } = ui;
    const { page, sideBar, quickInput, messages, editors, webviews } = workbench;
    const keyboard = new Keyboard(page, quickInput);
    const text = (name: string): string => readFileSync(join(folder, name), "utf8");
    /** One of its steps takes the focus a moment after it is shown, from whatever has it then: a question would be closed by that. */
    const walkthroughHasFocus = (): Promise<void> =>
      page.locator(".gettingStartedContainer .getting-started-step:focus").waitFor();
    const openWalkthrough = async (): Promise<void> => {
      await workbench.command("Welcome: Open Walkthrough...");
      await quickInput.fill("Get started with Sluice", { isAccepted: false });
      await quickInput.pick("Get started with Sluice");
      await walkthroughHasFocus();
    };
    const stepOf = (title: string) =>
      page.locator(".gettingStartedContainer .getting-started-step").filter({ hasText: title });
    /** Goes to a step of the walkthrough, and presses its button. */
    const take = async (title: string, button: string): Promise<void> => {
      await openWalkthrough();
      const one = stepOf(title);
      if ((await one.getAttribute("aria-expanded")) !== "true") await one.locator(".step-title").click();
      await one.getByRole("button", { name: button, exact: true }).click();
    };

    await step("begin a project: what is written is asked before", async () => {
      await sideBar.open("Sluice");
      await sideBar.view("Connections").welcome("Show me around").click();
      await page.getByText("From an empty folder to a message that is handled").waitFor();
      await walkthroughHasFocus();
      await screenshotInAllThemes("walkthrough");
      await take("Begin a project", "New Project");
      const question = "Write a new project into ";
      await messages.dialog("src/messages.ts").waitFor();
      await screenshot("new-project");
      assert.deepEqual(readdirSync(folder), []);
      await messages.decide(question, "Write");
      await editors.tab("sales.ts").waitFor();
      await messages.notification("The project is written").getByRole("button", { name: "Install Packages" }).waitFor();
      await messages.notification("The project is written").getByRole("button", { name: "Clear Notification" }).click();
      assert.match(text("package.json"), /"@sluice\/transport": "\d/);
      await screenshot("new-project-written");
    });
    await step("start a server, with the packages of this repository installed", async () => {
      mkdirSync(join(folder, "node_modules"));
      symlinkSync(join(ROOT, "node_modules/@sluice"), join(folder, "node_modules/@sluice"));
      writeFileSync(
        join(folder, "package.json"),
        text("package.json").replace("node src/main.ts", "node --conditions=sluice-source src/main.ts"),
      );
      // Somebody else may have the customary port here.
      writeFileSync(join(folder, ".vscode/settings.json"), '{ "sluice.embedded.port": 0 }');
      await take("Start a server", "Start Embedded Server");
      await messages.statusItem(/^embedded server, .*, connected/).waitFor();
    });
    await step("write a handler", async () => {
      await take("Write a handler", "New Handler");
      await quickInput.asks("Which component handles it?");
      await keyboard.choose("sales", "sales");
      await quickInput.asks("What kind of handler?");
      await keyboard.choose("Event subscription", "Event subscription");
      await quickInput.asks("Which event?");
      await keyboard.choose("sales.OrderPlaced", "sales.OrderPlaced");
      await quickInput.asks("What does it send or publish?");
      await quickInput.box.press("Enter");
      const preview = page.locator(".bulk-edit-panel");
      await preview.getByRole("button", { name: "Apply", exact: true }).click();
      await editors.tab("on-order-placed.ts").waitFor();
      assert.ok(existsSync(join(folder, "src/on-order-placed.ts")));
    });
    await step("deploy the component", async () => {
      await take("Deploy the component", "Deploy Component");
      await quickInput.asks("Which component?");
      await keyboard.choose("sales", "sales");
      await messages.decide("Deploy sales?", "Deploy");
      await messages.notification("sales is deployed.").waitFor();
    });
    await step("send a message, by starting the project", async () => {
      await take("Send a message", "Start Project");
      await page
        .getByRole("tab", { name: /^Terminal/ })
        .first()
        .waitFor();
    });
    await step("see it handled", async () => {
      // What stands in a terminal is painted, not written; the stream says that both are handled.
      for (;;) {
        await take("See it handled", "Show Newest Flow");
        // Before the project has sent anything, there is none.
        const flow = editors.tab(/^Flow /);
        if (
          await flow.waitFor({ timeout: 10_000 }).then(
            () => true,
            () => false,
          )
        )
          break;
      }
      const panel = await webviews.active("found by $bc-");
      for (;;) {
        await page.keyboard.press("Shift+Alt+U");
        if (
          await panel
            .getByRole("row", { name: /sales.OrderPlaced/ })
            .first()
            .isVisible()
        )
          break;
        await page.waitForTimeout(200);
      }
      await screenshotInAllThemes("newcomer-flow");
    });
    await step("all six steps are done", async () => {
      await openWalkthrough();
      for (const title of [
        "Begin a project",
        "Start a server",
        "Write a handler",
        "Deploy the component",
        "Send a message",
        "See it handled",
      ])
        await stepOf(title).locator(".codicon.complete").waitFor();
      await screenshot("walkthrough-done");
    });
  },
);
