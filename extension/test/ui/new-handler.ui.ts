import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "../../../test/until.ts";
import type { Seed } from "../server/seeded-server.ts";
import { Keyboard } from "../workbench/keyboard.ts";
import { addConnection } from "./add-connection.ts";
import { uiTest } from "./ui-test.ts";

const MESSAGES = `import { command } from "@sluice/transport";

export const PlaceOrder = command("sales.PlaceOrder", { to: "sales" })<{ orderId: string; total: number }>();
`;
const SALES = `import { component } from "@sluice/transport";

export const sales = component("sales", (c) => {});
`;

const streams = new Map<string, readonly Seed[]>([
  [
    "billing-1",
    Array.from({ length: 24 }, (_, n): Seed => ({
      type: "billing.OrderPaid",
      data: { orderId: `${n}`, method: n % 2 === 0 ? "card" : "invoice", paidAt: "2027-01-31T12:00:00Z" },
    })),
  ],
]);

const prepare = (folder: string): void => {
  symlinkSync(join(import.meta.dirname, "../../../node_modules"), join(folder, "node_modules"));
  writeFileSync(join(folder, "package.json"), '{ "name": "shop", "type": "module" }\n');
  writeFileSync(join(folder, "messages.ts"), MESSAGES);
  writeFileSync(join(folder, "sales.ts"), SALES);
};

const options = { streams, prepare, settings: { "workbench.editor.useModal": "off" } };

uiTest(
  "new handler – from an event that was seen, through the refactor preview, and undone in one step",
  options,
  async (ui) => {
    const { workbench, server, folder, step, screenshot, screenshotInAllThemes } = ui;
    const { sideBar, quickInput, editors, page } = workbench;
    // A pointer that rests on a list shows a hover above the next one.
    const keyboard = new Keyboard(page, quickInput);
    const text = (name: string): string => readFileSync(join(folder, name), "utf8");
    const preview = page.locator(".bulk-edit-panel");

    await step("connect", async () => {
      await sideBar.open("Sluice");
      await addConnection(workbench, server.connectionString, "local");
      await sideBar
        .view("Connections")
        .item(/^local, .*, connected/)
        .locator.waitFor();
    });

    await step("beside definitions stands what is known of them", async () => {
      await editors.open("messages.ts");
      await editors.text.getByText("0 sent").waitFor();
      await editors.text.getByText("no handler").waitFor();
      await screenshotInAllThemes("message-lenses");
    });

    await step("choose a component, a kind, and a type that is in the streams", async () => {
      await workbench.command("Sluice: New Handler…");
      await quickInput.asks("Which component handles it?");
      await keyboard.choose("sales", "sales");
      await quickInput.asks("What kind of handler?");
      await screenshot("new-handler-kinds");
      await keyboard.choose("Event subscription", "Event subscription");
      await quickInput.asks("Which event?");
      await quickInput.widget.getByText("24 events").waitFor();
      await screenshot("new-handler-messages");
      await keyboard.choose("billing.OrderPaid", "billing.OrderPaid");
      await quickInput.asks("What does it send or publish?");
      await keyboard.choose("sales.PlaceOrder", "sales.PlaceOrder");
    });

    await step("look at all of it before anything is written", async () => {
      await preview.getByText("on-order-paid.test.ts").waitFor();
      for (const name of ["messages.ts", "on-order-paid.ts", "sales.ts"])
        await preview.getByText(name, { exact: true }).first().waitFor();
      await screenshotInAllThemes("new-handler-preview");
      assert.equal(existsSync(join(folder, "on-order-paid.ts")), false);
      assert.equal(text("sales.ts"), SALES);
    });

    await step("accept it: all is there, and the handler is in front", async () => {
      await preview.getByRole("button", { name: "Apply", exact: true }).click();
      await editors.tab("on-order-paid.ts").waitFor();
      await screenshot("new-handler-written");
      // A file that is being saved is empty for a moment.
      await written(
        () =>
          /export interface OrderPaidBody \{\n {2}orderId: string;\n {2}method: "card" \| "invoice";/.test(
            text("messages.ts"),
          ) &&
          text("on-order-paid.ts").includes("export async function onOrderPaid(") &&
          text("on-order-paid.test.ts").includes("onOrderPaid – billing.OrderPaid") &&
          text("sales.ts").includes("c.handle(OrderPaid, onOrderPaid);"),
      );
      const { NODE_TEST_CONTEXT: _, ...env } = process.env;
      const args = ["--conditions=sluice-source", "--test", "on-order-paid.test.ts"];
      assert.match(execFileSync(process.execPath, args, { cwd: folder, env, encoding: "utf8" }), /^ℹ pass 1$/m);
    });

    await step("undo it in one step, in one of the files that were changed", async () => {
      await editors.tab("messages.ts").click();
      await editors.hasFocus();
      await editors.text.getByText("OrderPaidBody").first().waitFor();
      await page.keyboard.press("Control+Z");
      await written(
        () => !existsSync(join(folder, "on-order-paid.ts")) && !existsSync(join(folder, "on-order-paid.test.ts")),
      );
      // Its files are undone one after the other, and this one comes to the front last.
      await editors.tab("sales.ts").waitFor();
      await workbench.command("File: Save All");
      await written(() => text("sales.ts") === SALES && text("messages.ts") === MESSAGES);
    });

    /** Waits for what is written and deleted behind the window. */
    async function written(isSo: () => boolean): Promise<void> {
      await until(async () => (isSo() ? true : undefined));
    }
  },
);
