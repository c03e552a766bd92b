import type { FrameLocator, Page } from "playwright-core";
import type { Theme } from "./workbench.ts";

/** How VS Code tells a webview of a theme. */
const KINDS: Readonly<Record<Theme, string>> = {
  "Dark Modern": "vscode-dark",
  "Light Modern": "vscode-light",
  "Dark High Contrast": "vscode-high-contrast",
  "Light High Contrast": "vscode-high-contrast-light",
};

/** The documents of panels and webview views: each an iframe in an iframe. */
export class Webviews {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** The one that is shown in the active group of editors, once it shows the text. */
  async active(text?: string | RegExp): Promise<FrameLocator> {
    // Webviews lie above the workbench, outside of the editor they belong to; those of hidden editors are not visible.
    const document = this.#page
      .locator("iframe.webview.ready:visible")
      .contentFrame()
      .locator("iframe#active-frame")
      .contentFrame();
    if (text !== undefined) await document.getByText(text).first().waitFor();
    else await document.locator("body").waitFor();
    return document;
  }

  /** Resolves once a document has a theme, which reaches it a little later than the workbench. */
  async hasTheme(document: FrameLocator, theme: Theme): Promise<void> {
    await document.locator(`body[data-vscode-theme-kind="${KINDS[theme]}"]`).waitFor();
  }

  /** The one among several that are visible that shows the text. */
  async showing(text: string | RegExp): Promise<FrameLocator> {
    const outer = this.#page.locator("iframe.webview.ready:visible");
    for (;;) {
      for (const one of await outer.all()) {
        const document = one.contentFrame().locator("iframe#active-frame").contentFrame();
        const shows = document.getByText(text).first();
        if (await shows.isVisible().catch(() => false)) return document;
      }
      await this.#page.waitForTimeout(100);
    }
  }
}
