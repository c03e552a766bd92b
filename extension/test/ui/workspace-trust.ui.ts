import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "../../../test/until.ts";
import { Keyboard } from "../workbench/keyboard.ts";
import { addConnection } from "./add-connection.ts";
import { uiTest } from "./ui-test.ts";

/** There once anything of the workspace was run: its server, a source, or the transport that it has installed. */
const RAN = "it-was-run";

const MARKS = `import { writeFileSync } from "node:fs";
writeFileSync(new URL("ROOT${RAN}", import.meta.url), "");
`;
const BILLING = `import { command, component } from "@sluice/transport";
${MARKS.replace("ROOT", "./")}
export const ChargeCard = command("billing.ChargeCard", { to: "billing" })<{ orderId: string }>();

export const billing = component("billing", (c) => {
  c.handle(ChargeCard, async () => {});
});
`;

function prepare(folder: string): void {
  mkdirSync(join(folder, ".vscode"));
  const transport = join(folder, "node_modules", "@sluice", "transport");
  mkdirSync(transport, { recursive: true });
  writeFileSync(
    join(transport, "package.json"),
    '{ "type": "module", "exports": { "./*": "./index.js", ".": "./index.js" } }',
  );
  writeFileSync(join(transport, "index.js"), MARKS.replace("ROOT", "../../../"));
  writeFileSync(join(folder, "package.json"), '{ "name": "shop", "type": "module" }\n');
  writeFileSync(join(folder, "billing.ts"), BILLING);
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

uiTest(
  "workspace trust – nothing of the workspace is run without it, and sources are only read",
  options,
  async (ui) => {
    const { workbench, server, folder, step, screenshot } = ui;
    const { sideBar, messages, page, editors, quickInput, webviews } = workbench;
    const connections = sideBar.view("Connections");
    const components = sideBar.view("Components");
    const keyboard = new Keyboard(page, quickInput);
    const hasRun = (): boolean => existsSync(join(folder, RAN));

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

    await step("what its sources declare is previewed as deploying would make it", async () => {
      await editors.open("billing.ts");
      await editors.lens("Preview Router").first().click();
      await editors.tab("sluice.router.billing.js").waitFor();
      await editors.text.getByText("fromStream").first().waitFor();
      assert.equal(hasRun(), false);
    });

    await step("and is deployed, out of what was read", async () => {
      await sideBar.view("Streams").close();
      await connections.close();
      await components.open();
      await components.item(/^billing.*not deployed/).menu("Deploy Component");
      await messages.decide("Deploy billing?", "Deploy");
      await messages.notification("billing is deployed.").waitFor();
      await components.item(/^billing(?!.*not deployed).*deployed/).locator.waitFor();
      await screenshot("untrusted-components");
      assert.equal(hasRun(), false);
    });

    await step("a handler is written into them", async () => {
      await workbench.command("Sluice: New Handler…");
      await quickInput.asks("Which component handles it?");
      await keyboard.choose("billing", "billing");
      await quickInput.asks("What kind of handler?");
      await keyboard.choose("Event subscription", "Event subscription");
      await quickInput.asks("Which event?");
      await keyboard.choose("OrderPaid", "OrderPaid");
      await quickInput.asks("What does it send or publish?");
      await keyboard.choose("Nothing yet", "Nothing yet");
      await page.locator(".bulk-edit-panel").getByRole("button", { name: "Apply", exact: true }).click();
      await editors.tab("on-order-paid.ts").waitFor();
      await until(async () =>
        readFileSync(join(folder, "billing.ts"), "utf8").includes("c.handle(OrderPaid, onOrderPaid);")
          ? true
          : undefined,
      );
      assert.equal(hasRun(), false);
    });

    await step("a conversation is shown", async () => {
      await workbench.command("Sluice: Show Flow by Correlation Id…");
      await quickInput.asks("Show a Conversation of own");
      await quickInput.fill("nobody");
      await webviews.active("its log was searched");
      await components.close();
      await connections.open();
      assert.equal(hasRun(), false);
    });

    await step("no server is started out of it, with a button that leads to the trust", async () => {
      await workbench.command("Sluice: Start Embedded Server");
      await messages.answer("Trust the workspace to run it", "Manage Workspace Trust");
      assert.equal(hasRun(), false);
      await page.getByRole("button", { name: "Trust", exact: true }).click();
      await page.getByText("You trust this folder").waitFor();
    });

    await step("with it, its connections are there, and the environment is put into them", async () => {
      const shared = connections.item(/^shared/);
      await shared.locator.waitFor();
      await shared.click();
      await connections.item("No server answers at 127.0.0.1:1").locator.waitFor();
    });
  },
);
