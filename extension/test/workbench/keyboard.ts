import type { Page } from "playwright-core";
import type { QuickInput } from "./quick-input.ts";

/** The ways of those who use no pointer. */
export class Keyboard {
  readonly #page: Page;
  readonly #quickInput: QuickInput;

  constructor(page: Page, quickInput: QuickInput) {
    this.#page = page;
    this.#quickInput = quickInput;
  }

  /** Runs a command of the palette. */
  async command(title: string): Promise<void> {
    await this.#page.keyboard.press("F1");
    await this.choose(`>${title}`, title);
  }

  /** Types into a quick pick, and takes the row once keys go to it. */
  async choose(typed: string, label: string): Promise<void> {
    const { box, widget } = this.#quickInput;
    await box.fill(typed);
    const row = widget
      .locator(".monaco-list-row.focused")
      .filter({ has: this.#page.getByText(label, { exact: true }) });
    await row.waitFor();
    await box.press("Enter");
    await row.waitFor({ state: "hidden" });
  }

  /** Opens the menu of what has the focus, and takes an entry. */
  async menu(label: string): Promise<void> {
    await this.#page.keyboard.press("Shift+F10");
    const entry = this.#page.getByRole("menuitem", { name: label });
    await entry.waitFor();
    const entries = await this.#page.getByRole("menuitem").count();
    for (let pressed = 0; pressed <= entries; pressed++) {
      // VS Code's menus lie in a shadow tree, which has a focus of its own.
      const isFocused = await entry.evaluate((one) => {
        const { activeElement } = one.getRootNode() as Document | ShadowRoot;
        return one.contains(activeElement);
      });
      if (isFocused) {
        await this.#page.keyboard.press("Enter");
        await entry.waitFor({ state: "hidden" });
        return;
      }
      await this.#page.keyboard.press("ArrowDown");
    }
    throw new Error(`No key leads to ${label} in the menu.`);
  }
}
