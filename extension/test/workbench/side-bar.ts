import type { Locator, Page } from "playwright-core";

/** The views in the side bar, and the trees in them. */
export class SideBar {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** Shows a view container by its title in the activity bar. */
  async open(container: string): Promise<void> {
    const tab = this.#page.locator(".activitybar").getByRole("tab", { name: container });
    if ((await tab.getAttribute("aria-selected")) !== "true") await tab.locator("a.action-label").click();
    await tab.and(this.#page.locator('[aria-selected="true"]')).waitFor();
  }

  view(title: string): View {
    const header = `.pane-header[aria-label^="${title}"]`;
    return new View(this.#page, this.#page.locator(".pane").filter({ has: this.#page.locator(header) }));
  }
}

/** One view: a tree, or welcome content where that is empty. */
export class View {
  readonly #page: Page;
  readonly locator: Locator;

  constructor(page: Page, locator: Locator) {
    this.#page = page;
    this.locator = locator;
  }

  /** Unfolds the view itself. */
  async open(): Promise<void> {
    const header = this.locator.locator(".pane-header");
    if ((await header.getAttribute("aria-expanded")) === "false") await header.click();
    await header.and(this.#page.locator('[aria-expanded="true"]')).waitFor();
  }

  /** Folds the view itself, so that others have its room. */
  async close(): Promise<void> {
    const header = this.locator.locator(".pane-header");
    if ((await header.getAttribute("aria-expanded")) === "true") await header.click();
    await header.and(this.#page.locator('[aria-expanded="false"]')).waitFor();
  }

  /** A button in the view's title. */
  async action(title: string): Promise<void> {
    await this.locator.hover();
    await this.locator.locator(".pane-header").getByRole("button", { name: title }).click();
  }

  /** A button or a link of the welcome content. */
  welcome(text: string): Locator {
    return this.locator.locator(".welcome-view").getByText(text);
  }

  item(name: string | RegExp): TreeItem {
    return new TreeItem(this.#page, this.locator.getByRole("treeitem", { name }).first());
  }

  /** Resolves once keys go to its tree. */
  async hasFocus(): Promise<void> {
    await this.locator.locator('[role="tree"]:focus').waitFor();
  }

  /** The labels of the rows that are in view, in no order. */
  async labels(): Promise<string[]> {
    return this.locator.getByRole("treeitem").locator(".label-name").allTextContents();
  }

  /** Resolves once its tree has so many rows at its top level, in view or not. */
  async hasRows(count: number): Promise<void> {
    await this.locator.locator(`[role="treeitem"][aria-level="1"][aria-setsize="${count}"]`).first().waitFor();
  }

  /** The labels of all rows of its tree, which has the focus and nothing unfolded: from top to bottom, by going through them. */
  async allLabels(): Promise<string[]> {
    const labels: string[] = [];
    await this.#page.keyboard.press("Home");
    for (let place = 1, count = 1; place <= count; place++) {
      const row = this.locator.locator(`[role="treeitem"][aria-posinset="${place}"]`);
      labels.push((await row.locator(".label-name").textContent()) ?? "");
      count = Number(await row.getAttribute("aria-setsize"));
      await this.#page.keyboard.press("ArrowDown");
    }
    return labels;
  }

  /** Resolves once the labels of its first rows are these, from top to bottom. */
  async begins(...labels: readonly string[]): Promise<void> {
    const tree = await this.locator.getByRole("tree").elementHandle();
    await this.#page.waitForFunction(
      ({ tree, labels }) => {
        const rows = [...(tree?.querySelectorAll('[role="treeitem"]') ?? [])]
          .sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)
          .map((row) => row.querySelector(".label-name")?.textContent ?? row.textContent);
        return labels.every((label, index) => rows[index] === label);
      },
      { tree, labels },
    );
  }
}

export class TreeItem {
  readonly #page: Page;
  readonly locator: Locator;

  constructor(page: Page, locator: Locator) {
    this.#page = page;
    this.locator = locator;
  }

  async click(): Promise<void> {
    await this.locator.click();
  }

  async expand(): Promise<void> {
    await this.locator.waitFor();
    if ((await this.locator.getAttribute("aria-expanded")) === "false") {
      await this.locator.locator(".monaco-tl-twistie").click();
    }
    await this.locator.and(this.#page.locator('[aria-expanded="true"]')).waitFor();
  }

  /** A button that the row shows under the pointer. */
  async action(title: string): Promise<void> {
    await this.locator.hover();
    await this.locator.getByRole("button", { name: title }).click();
  }

  async menu(label: string): Promise<void> {
    await this.locator.click({ button: "right" });
    const entry = this.#page.getByRole("menuitem", { name: label });
    // By the key: a click right after the menu has opened counts as the end of the one that opened it.
    await entry.hover();
    await this.#page.keyboard.press("Enter");
    await entry.waitFor({ state: "hidden" });
  }
}
