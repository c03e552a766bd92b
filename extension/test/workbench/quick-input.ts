import type { Locator, Page } from "playwright-core";

/** The palette, quick picks and input boxes: one widget at the top of the window. */
export class QuickInput {
  readonly #page: Page;
  readonly widget: Locator;
  readonly box: Locator;

  constructor(page: Page) {
    this.#page = page;
    this.widget = page.locator(".quick-input-widget");
    this.box = this.widget.locator("input.input");
  }

  /** Runs a command by the title that the palette shows, such as `Sluice: Add Connection…`. */
  async command(title: string): Promise<void> {
    await this.#page.keyboard.press("F1");
    await this.box.fill(`>${title}`);
    const row = this.#row(title);
    await row.click();
    // Gone, or taken over by what the command itself asks.
    await row.waitFor({ state: "hidden" });
  }

  /** The titles that the palette offers for what is typed, once the one is among them that must be. */
  async commandsFor(text: string, awaited: string): Promise<string[]> {
    await this.#page.keyboard.press("F1");
    await this.box.fill(`>${text}`);
    await this.#row(awaited).waitFor();
    const labels = await this.labels();
    await this.#page.keyboard.press("Escape");
    await this.isGone();
    return labels;
  }

  /** Waits for the question whose title, placeholder or prompt holds the text: needed between the steps of a command. */
  async asks(text: string): Promise<void> {
    const shown = this.widget.locator(".quick-input-title, .quick-input-message").filter({ hasText: text });
    await shown.or(this.widget.getByPlaceholder(text)).filter({ visible: true }).first().waitFor();
  }

  /** Fills the box and accepts it; `isAccepted: false` leaves it open. */
  async fill(text: string, { isAccepted = true } = {}): Promise<void> {
    await this.box.fill(text);
    if (isAccepted) await this.#page.keyboard.press("Enter");
  }

  async pick(label: string): Promise<void> {
    await this.#row(label).click();
  }

  /** Answers a dialog of this title, which asks where to write, with a path in the folder that it shows. */
  async saveAs(title: string, path: string): Promise<void> {
    await this.#isFileDialog(title);
    await this.fill(path);
    await this.isGone();
  }

  /** Picks a file in a dialog of this title. */
  async openFile(title: string, folder: string, name: string): Promise<void> {
    await this.#isFileDialog(title);
    await this.fill(`${folder}/`, { isAccepted: false });
    await this.pick(name);
    await this.isGone();
  }

  /** It puts its own path in after it is shown, on top of what was typed before that. */
  async #isFileDialog(title: string): Promise<void> {
    await this.asks(title);
    await this.#row("..").waitFor();
  }

  /** The labels of the rows that are in view. */
  async labels(): Promise<string[]> {
    await this.widget.locator(".monaco-list-row").first().waitFor();
    return this.widget.locator(".monaco-list-row .quick-input-list-row:first-child .label-name").allTextContents();
  }

  /** What stands below an input box: its prompt, or what is wrong with the input. */
  message(text: string): Locator {
    return this.widget.locator(".quick-input-message").filter({ hasText: text });
  }

  button(name: string): Locator {
    return this.widget.getByRole("button", { name });
  }

  async isGone(): Promise<void> {
    await this.widget.waitFor({ state: "hidden" });
  }

  #row(label: string): Locator {
    const exactly = this.#page.getByText(label, { exact: true });
    return this.widget.locator(".monaco-list-row").filter({ has: exactly }).first();
  }
}
