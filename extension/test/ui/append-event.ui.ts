import type { FrameLocator } from "playwright-core";
import { addConnection } from "./add-connection.ts";
import { uiTest } from "./ui-test.ts";

uiTest("append – written in an editor, checked there, and shown where it stands", {}, async (ui) => {
  const { workbench, server, step, screenshot, screenshotInAllThemes } = ui;
  const { page, quickInput, sideBar, webviews, messages, editors } = workbench;
  const connections = sideBar.view("Connections");
  let panel: FrameLocator;
  const row = (revision: number) =>
    panel.getByRole("row").filter({ has: panel.getByRole("gridcell", { name: String(revision), exact: true }) });
  const selected = (revision: number) => row(revision).and(panel.locator("[aria-selected=true]"));
  const draft = async (): Promise<void> => {
    await workbench.command("Sluice: Append Event…");
    // The palette may give the focus back to the panel when the draft has it already.
    await editors.tab("A new event").click();
    await editors.lens("Append").waitFor();
    await editors.hasFocus();
  };
  const policy = async (name: string): Promise<void> => {
    // Even while its row is changing.
    await connections.item(/^local, /).menu("Set Policy…");
    await quickInput.asks("Policy of local");
    await quickInput.pick(name);
    await connections.item(new RegExp(`^local, .*${name}`)).locator.waitFor();
  };

  await step("a draft is opened beside the stream", async () => {
    await sideBar.open("Sluice");
    await addConnection(workbench, server.connectionString, "local");
    await policy("ask before writing");
    await quickInput.command("Sluice: Find Stream…");
    await quickInput.asks("Find Stream");
    await quickInput.fill("order-1", { isAccepted: false });
    await quickInput.pick("order-1");
    panel = await webviews.active("OrderPaid");
    await row(1).waitFor();
    await draft();
  });
  await step("what is wrong is said where it stands, until it is right", async () => {
    await editors.errors.first().waitFor();
    await page.keyboard.press("Control+Space");
    await editors.suggestion("OrderPaid").waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.type("OrderShipped");
    await editors.errors.first().waitFor({ state: "hidden" });
    // The data lie below the type, between braces.
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("End");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.type('"parcel": 9007199254740993,');
    await editors.errors.first().waitFor();
    await screenshotInAllThemes("append-draft");
    await editors.lens("Append").click();
    await messages.notification("Nothing was appended. Line 8: What is stored has to be JSON").waitFor();
    await page.keyboard.press("Backspace");
    await editors.errors.first().waitFor({ state: "hidden" });
  });
  await step("the policy asks first, and what was appended is shown and selected", async () => {
    await page.keyboard.press("Control+Enter");
    await messages.decide("Append OrderShipped to order-1?", "Write");
    await selected(2).waitFor();
    await selected(2).getByText('{"parcel":9007199254740993}').waitFor();
    await editors.tab("A new event").waitFor({ state: "detached" });
    await messages.statusItem("No Problems").waitFor();
    await screenshot("append-appended");
  });
  await step("a stream that stands elsewhere is left as it is, and the draft is kept", async () => {
    await draft();
    await page.keyboard.type("OrderClosed");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("End");
    for (let quote = 0; quote < '"any",'.length; quote++) await page.keyboard.press("Backspace");
    await page.keyboard.type("0,");
    await page.keyboard.press("Control+Enter");
    await messages.decide("Append OrderClosed to order-1?", "Write");
    await messages.notification("is expected at 0 and stands at 2").waitFor();
    await editors.text.getByText("OrderClosed").waitFor();
  });
  await step("through a read-only connection nothing is written", async () => {
    await policy("read-only");
    await editors.warnings.first().waitFor();
    await editors.lens("Append").click();
    await messages.notification(/refused, since "local" is read-only/).waitFor();
    await messages.answer(/refused, since "local" is read-only/, "Change Policy…");
    await quickInput.asks("Policy of local");
  });
});
