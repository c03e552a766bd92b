import type { Locator, Page } from "playwright-core";

/** What the workbench says: notifications, modal questions, the status bar, the output panel. */
export class Messages {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  notification(text: string | RegExp): Locator {
    return this.#page.locator(".notification-toast").filter({ hasText: text });
  }

  /** Presses a button of a notification. */
  async answer(notification: string | RegExp, button: string): Promise<void> {
    await this.notification(notification).getByRole("button", { name: button, exact: true }).click();
  }

  dialog(text: string | RegExp): Locator {
    return this.#page.locator(".monaco-dialog-box").filter({ hasText: text });
  }

  /** Presses a button of a modal question, and waits for it to go. */
  async decide(question: string | RegExp, button: string): Promise<void> {
    await this.dialog(question).getByRole("button", { name: button, exact: true }).click();
    await this.dialog(question).waitFor({ state: "hidden" });
  }

  statusItem(name: string | RegExp): Locator {
    return this.#page.locator(".statusbar").getByRole("button", { name });
  }

  output(text: string | RegExp): Locator {
    return this.#page.locator(".output-view .view-line").filter({ hasText: text });
  }
}
