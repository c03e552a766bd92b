import assert from "node:assert/strict";
import { command, component, startEndpoint } from "@sluice/transport";
import { addConnection } from "./add-connection.ts";
import { uiTest } from "./ui-test.ts";

const ChargeCard = command("billing.ChargeCard", { to: "billing" })<{ orderId: string; amount: number }>();

uiTest("failed messages – looked at, edited and retried, retried, archived", {}, async (ui) => {
  const { workbench, server, step, screenshot, screenshotInAllThemes } = ui;
  const { page, sideBar, messages, editors, quickInput } = workbench;
  const view = sideBar.view("Failed Messages");
  const handled: { orderId: string; amount: number }[] = [];
  let accepts = (amount: number): boolean => amount > 0;
  const billing = component("billing", { immediateRetries: 0, delayedRetries: 0 }, (c) => {
    c.handle(ChargeCard, (card) => {
      if (!accepts(card.amount)) throw new RangeError(`no card is charged with ${card.amount}`);
      handled.push(card);
    });
  });
  const endpoint = await startEndpoint([billing], { connectionString: server.connectionString, on: () => {} });
  const handles = async (count: number): Promise<void> => {
    while (handled.length < count) await new Promise((resolve) => setTimeout(resolve, 20));
  };
  try {
    await step("what has failed is listed by component and failure group", async () => {
      for (const [orderId, amount] of [
        ["1", -10],
        ["2", -20],
        ["3", -30],
      ] as const) {
        await endpoint.send(ChargeCard, { orderId, amount });
      }
      await sideBar.open("Sluice");
      await addConnection(workbench, server.connectionString, "local");
      await sideBar.view("Streams").close();
      await sideBar.view("Connections").close();
      await view.open();
      await view.item(/^billing.*3 messages/).expand();
      await view.item(/^RangeError at .*3 messages/).expand();
      await view.item(/no card is charged with -10/).locator.waitFor();
      await screenshotInAllThemes("failed-messages");
    });
    await step("one is shown whole", async () => {
      await view.item(/charged with -10/).click();
      await editors.tab("billing.ChargeCard.json").waitFor();
      await editors.text.getByText('"failureGroup"').first().waitFor();
      await screenshotInAllThemes("failed-message");
    });
    await step("edited in a draft, checked there, and handled in its place", async () => {
      await view.item(/charged with -10/).menu("Edit and Retry Failed Message");
      await editors.lens("Send").waitFor();
      await editors.replace(": -10", ": 90071992547409931,");
      await editors.errors.first().waitFor();
      await editors.replace("9931,", "9931");
      await editors.errors.first().waitFor({ state: "hidden" });
      await screenshotInAllThemes("failed-message-edit");
      await page.keyboard.press("Control+Enter");
      await messages.notification("The edited message is in the queue of billing").waitFor();
      await editors.tab(/An edited message/).waitFor({ state: "detached" });
      await handles(1);
      assert.deepEqual(
        handled.map(({ orderId }) => orderId),
        ["1"],
      );
      await view.item(/^billing.*2 messages/).locator.waitFor();
    });
    await step("a group is retried after a question that says how many they are", async () => {
      accepts = () => true;
      await view.item(/^RangeError/).action("Retry Failed Messages");
      await messages.dialog("Retry 2 failed messages of billing?").waitFor();
      await screenshot("failed-messages-retry");
      await messages.decide("Retry 2 failed messages of billing?", "Retry");
      await messages.notification("2 messages are in the queue again.").waitFor();
      await handles(3);
      await view.locator.getByText("No message has failed.").waitFor();
    });
    await step("archived it is off the list, by the keyboard alone", async () => {
      accepts = () => false;
      await endpoint.send(ChargeCard, { orderId: "4", amount: -40 });
      await view.item(/^billing.*1 message/).locator.waitFor();
      await quickInput.command("Sluice: Focus on Failed Messages View");
      await view.hasFocus();
      await page.keyboard.press("Home");
      await page.keyboard.press("Enter");
      await quickInput.command("Sluice: Archive Failed Messages");
      await messages.decide("Archive 1 failed message of billing?", "Archive");
      await view.locator.getByText("No message has failed.").waitFor();
      assert.equal(handled.length, 3);
    });
  } finally {
    await endpoint.stop();
  }
});
