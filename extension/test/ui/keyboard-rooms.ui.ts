import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { command, component, event, startEndpoint } from "@sluice/transport";
import { Keyboard } from "../workbench/keyboard.ts";
import { addConnection } from "./add-connection.ts";
import { uiTest } from "./ui-test.ts";

const SOURCES = {
  "package.json": '{ "name": "shop", "type": "module", "dependencies": { "@sluice/transport": "*" } }\n',
  "src/messages.ts": `import { command, event } from "@sluice/transport";
export const OrderPlaced = event("sales.OrderPlaced")<{ orderId: string }>();
export const ChargeCard = command("billing.ChargeCard", { to: "billing" })<{ orderId: string }>();
`,
  "src/billing.ts": `import { component } from "@sluice/transport";
import { ChargeCard, OrderPlaced } from "./messages.ts";
export const billing = component("billing", (c) => {
  c.handle(OrderPlaced, async () => {});
  c.handle(ChargeCard, async () => {});
});
`,
};
const OrderPlaced = event("sales.OrderPlaced")<{ orderId: string }>();
const ChargeCard = command("billing.ChargeCard", { to: "billing" })<{ orderId: string }>();

const options = {
  prepare(folder: string) {
    mkdirSync(join(folder, "src"));
    for (const [name, text] of Object.entries(SOURCES)) writeFileSync(join(folder, name), text);
  },
  settings: { "workbench.editor.useModal": "off" },
};

uiTest("keyboard – components, failed messages and previews without a pointer", options, async (ui) => {
  const { workbench, server, step } = ui;
  const { page, quickInput, sideBar, messages, editors } = workbench;
  const keyboard = new Keyboard(page, quickInput);
  const components = sideBar.view("Components");
  const failed = sideBar.view("Failed Messages");
  const handled: string[] = [];
  let accepts = false;
  const billing = component("billing", { immediateRetries: 0, delayedRetries: 0 }, (c) => {
    c.handle(OrderPlaced, () => {});
    c.handle(ChargeCard, ({ orderId }) => {
      if (!accepts) throw new RangeError(`order ${orderId} has no card`);
      handled.push(orderId);
    });
  });
  const focusOn = async (view: typeof components, title: string): Promise<void> => {
    await keyboard.command(`Sluice: Focus on ${title} View`);
    await view.hasFocus();
    await page.keyboard.press("Home");
  };
  /** Takes what a question proposes. */
  const accept = async (question: string): Promise<void> => {
    await messages.dialog(question).waitFor();
    await page.keyboard.press("Enter");
    await messages.dialog(question).waitFor({ state: "hidden" });
  };

  await step("a component is deployed by the menu of its row, and looked through", async () => {
    await sideBar.open("Sluice");
    await addConnection(workbench, server.connectionString, "local");
    await keyboard.command("Sluice: Focus on Components View");
    await components.item(/^billing.*not deployed/).locator.waitFor();
    await focusOn(components, "Components");
    await keyboard.menu("Deploy Component");
    await accept("Deploy billing?");
    await components.item(/^billing(?!.*not deployed).*deployed/).locator.waitFor();
    await components.hasFocus();
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowRight");
    await components.item(/^Queue.*empty/).locator.waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await editors.tab(/^\$ce-in\.billing ·/).waitFor();
  });

  const endpoint = await startEndpoint([billing], { connectionString: server.connectionString, on: () => {} });
  try {
    await step("a failed message is edited and sent, another one retried", async () => {
      await endpoint.send(ChargeCard, { orderId: "17" });
      await endpoint.send(ChargeCard, { orderId: "18" });
      await keyboard.command("Sluice: Focus on Failed Messages View");
      await failed.item(/^billing.*2 messages/).locator.waitFor();
      await focusOn(failed, "Failed Messages");
      await page.keyboard.press("ArrowRight");
      await failed.item(/^RangeError.*2 messages/).locator.waitFor();
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("ArrowRight");
      await failed.item(/order 17 has no card/).locator.waitFor();
      await page.keyboard.press("ArrowDown");
      await keyboard.menu("Edit and Retry Failed Message");
      await editors.lens("Send").waitFor();
      await editors.hasFocus();
      accepts = true;
      await page.keyboard.press("Control+Enter");
      await messages.notification("The edited message is in the queue of billing").waitFor();
      await failed.item(/^billing.*1 message/).locator.waitFor();
      await focusOn(failed, "Failed Messages");
      await keyboard.menu("Retry Failed Messages");
      await accept("Retry 1 failed message of billing?");
      await failed.locator.getByText("No message has failed.").waitFor();
      while (handled.length < 2) await page.waitForTimeout(50);
      assert.deepEqual(handled.toSorted(), ["17", "18"]);
    });
  } finally {
    await endpoint.stop();
  }

  await step("a projection is previewed, and tried on real events", async () => {
    await keyboard.command("Sluice: Preview Projections…");
    await quickInput.asks("Which projection?");
    await keyboard.choose("sluice.router", "sluice.router.billing");
    await editors.tab("sluice.router.billing.js").waitFor();
    await editors.hasFocus();
    await keyboard.command("Sluice: Dry Run Projection…");
    await quickInput.asks("Over how many of the last events");
    await quickInput.box.press("Enter");
    await editors.tab("Dry run of sluice.router.billing").waitFor();
  });
});
