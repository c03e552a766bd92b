import { Keyboard } from "../workbench/keyboard.ts";
import { uiTest } from "./ui-test.ts";

uiTest(
  "keyboard – from a connection to the events of a stream without a pointer",
  {},
  async ({ workbench, server, step }) => {
    const { sideBar, quickInput, webviews, page } = workbench;
    const keyboard = new Keyboard(page, quickInput);
    const connections = sideBar.view("Connections");
    const streams = sideBar.view("Streams");

    await step("a connection is added", async () => {
      await keyboard.command("View: Show Sluice");
      await connections.welcome("Add Connection").waitFor();
      await keyboard.command("Sluice: Add Connection…");
      await quickInput.asks("As your application has it");
      await quickInput.fill(server.connectionString);
      await quickInput.asks("How you call it");
      await quickInput.fill("local");
      await quickInput.asks("By which color");
      await keyboard.choose("green", "green");
      await quickInput.asks("What may be written");
      await quickInput.box.press("Enter");
      await quickInput.isGone();
      // A tree takes the focus when it has rows.
      await connections.item(/^local, .*, connected/).locator.waitFor();
      await streams.item("ledger").locator.waitFor();
    });

    await step("the menu of its row is opened and used", async () => {
      await keyboard.command("Sluice: Focus on Connections View");
      await connections.hasFocus();
      await page.keyboard.press("Home");
      await keyboard.menu("Set Color…");
      await quickInput.asks("Color of local");
      await keyboard.choose("blue", "blue");
      await connections.item(/^local, .*, connected, .*blue/).locator.waitFor();
    });

    await step("a stream is marked by the menu of its row, and opened", async () => {
      await keyboard.command("Sluice: Focus on Streams View");
      await streams.hasFocus();
      await page.keyboard.press("Home");
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("ArrowRight");
      await streams.item("ledger-2026").locator.waitFor();
      await page.keyboard.press("ArrowDown");
      await keyboard.menu("Add to Favorites");
      await streams.item("Favorites").locator.waitFor();
      await streams.hasFocus();
      await keyboard.menu("Open Stream from Its Start");
      await webviews.active("Booked");
    });
  },
);
