import type { Locator, Page } from "playwright-core";
import type { QuickInput } from "./quick-input.ts";

const ACTIVE_GROUP = ".editor-group-container.active";

/** The editors' tabs, and the text in the active one. */
export class Editors {
  readonly #page: Page;
  readonly #quickInput: QuickInput;

  constructor(page: Page, quickInput: QuickInput) {
    this.#page = page;
    this.#quickInput = quickInput;
  }

  /** Opens a file of the workspace by its name. */
  async open(name: string): Promise<void> {
    await this.#page.keyboard.press("Control+P");
    await this.#quickInput.fill(name, { isAccepted: false });
    await this.#quickInput.pick(name);
    await this.tab(name).waitFor();
  }

  tab(title: string | RegExp): Locator {
    return this.#page.locator(".tabs-container").getByRole("tab", { name: title }).first();
  }

  async titles(): Promise<string[]> {
    return this.#page.locator(".tabs-container .tab .label-name").allTextContents();
  }

  /** The text editor in view; where there are several, the focused one. */
  get text(): Locator {
    return this.#page.locator(`${ACTIVE_GROUP} .editor-instance .monaco-editor[data-uri]:visible`).first();
  }

  /** Resolves once keys go to the text editor in view. */
  async hasFocus(): Promise<void> {
    await this.text.and(this.#page.locator(".focused")).waitFor();
  }

  /** What is underlined as wrong in the text editor in view; one for each line that a problem reaches over. */
  get errors(): Locator {
    return this.text.locator(".squiggly-error");
  }

  get warnings(): Locator {
    return this.text.locator(".squiggly-warning");
  }

  /** What is proposed where somebody types. */
  suggestion(label: string): Locator {
    return this.#page.locator(".suggest-widget.visible").getByRole("option", { name: label });
  }

  /** A lens above a line of the text editor in view. */
  lens(title: string): Locator {
    return this.text.locator(".codelens-decoration").getByRole("button", { name: title });
  }

  /** A lens that says something, and does nothing. */
  remark(text: string): Locator {
    return this.text.locator(".codelens-decoration").getByText(text);
  }

  get diff(): { readonly original: Locator; readonly modified: Locator } {
    const diff = this.#page.locator(".monaco-diff-editor:visible").first();
    return {
      original: diff.locator(".editor.original .monaco-editor"),
      modified: diff.locator(".editor.modified .monaco-editor"),
    };
  }

  /** The lines that are scrolled into view: an editor renders no others. */
  async lines(editor: Locator = this.text): Promise<string[]> {
    await editor.locator(".view-line").first().waitFor();
    return editor
      .locator(".view-lines .view-line")
      .evaluateAll((lines) =>
        lines
          .sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)
          .map((line) => (line.textContent ?? "").replaceAll("\u00a0", " ")),
      );
  }

  /** Types where the text begins. */
  async type(text: string): Promise<void> {
    await this.text.locator(".view-lines").click();
    await this.#page.keyboard.press("Control+Home");
    await this.#page.keyboard.type(text);
    await this.#page.locator(`${ACTIVE_GROUP} .tab.active.dirty`).waitFor();
  }

  /** Pastes a text over all of it, in the editor in view. */
  async paste(text: string): Promise<void> {
    await this.hasFocus();
    await this.#page.evaluate((text) => navigator.clipboard.writeText(text), text);
    await this.#page.keyboard.press("Control+A");
    await this.#page.keyboard.press("Control+V");
    await this.#page.locator(`${ACTIVE_GROUP} .tab.active.dirty`).waitFor();
  }

  /** Puts something else in the place of what stands once in the text editor in view. */
  async replace(found: string, replacement: string): Promise<void> {
    const parts = (await this.copyAll()).split(found);
    if (parts.length !== 2) throw new Error(`"${found}" stands ${parts.length - 1} times in the text.`);
    await this.paste(parts.join(replacement));
  }

  async save(): Promise<void> {
    await this.#page.keyboard.press("Control+S");
    await this.#page.locator(`${ACTIVE_GROUP} .tab.active:not(.dirty)`).waitFor();
  }

  /** The whole text of the active editor, through the clipboard. */
  async copyAll(): Promise<string> {
    await this.text.locator(".view-lines").click();
    await this.#page.keyboard.press("Control+A");
    await this.#page.keyboard.press("Control+C");
    return this.#page.evaluate(() => navigator.clipboard.readText());
  }

  async closeAll(): Promise<void> {
    await this.#quickInput.command("View: Close All Editors");
    await this.#page.locator(".tabs-container .tab").first().waitFor({ state: "detached" });
  }
}
