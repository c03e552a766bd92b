import type { Browser, Page } from "playwright-core";
import { type BrowserOptions, openPage } from "../host/browser.ts";
import { Profile } from "../host/profile.ts";
import { serverCommand, type ServerOptions, VSCodeServer } from "../host/vscode-server.ts";
import { type ActivationTimes, activationTimes } from "./activation-times.ts";
import { Editors } from "./editors.ts";
import { Messages } from "./messages.ts";
import { QuickInput } from "./quick-input.ts";
import { SideBar } from "./side-bar.ts";
import { Webviews } from "./webviews.ts";

/** The themes in which everything is looked at; each names the class that it gives the workbench. */
export const THEMES = {
  "Dark Modern": "vs-dark",
  "Light Modern": "vs",
  "Dark High Contrast": "hc-black",
  "Light High Contrast": "hc-light",
} as const;
export type Theme = keyof typeof THEMES;

export interface WorkbenchOptions extends BrowserOptions, Pick<ServerOptions, "asksForTrust" | "env"> {
  /** The packed extension. */
  readonly vsix: string;
  /** A folder or a `.code-workspace` file; none for an empty window. */
  readonly folder?: string;
  readonly theme?: Theme;
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** How long a single thing may take to appear. A loaded machine with two cores is slow. */
const APPEARS_MS = 120_000;
const STARTS_MS = 180_000;

/** By this name webviews ask for their files; VS Code answers inside the window. */
const WEBVIEW_HOST = ".vscode-resource.vscode-cdn.net";

/** A VS Code with the packed extension in a clean profile, driven as a person would. */
export class Workbench implements AsyncDisposable {
  readonly page: Page;
  readonly quickInput: QuickInput;
  readonly sideBar: SideBar;
  readonly editors: Editors;
  readonly webviews: Webviews;
  readonly messages: Messages;
  /** Addresses that something in the window asked for and that are not the window's own: must stay empty. */
  readonly outsideRequests: readonly string[];
  readonly #browser: Browser;
  readonly #server: VSCodeServer;
  readonly #profile: Profile;

  private constructor(browser: Browser, page: Page, server: VSCodeServer, profile: Profile) {
    this.#browser = browser;
    this.#server = server;
    this.#profile = profile;
    this.page = page;
    this.quickInput = new QuickInput(page);
    this.sideBar = new SideBar(page);
    this.editors = new Editors(page, this.quickInput);
    this.webviews = new Webviews(page);
    this.messages = new Messages(page);
    const outside: string[] = [];
    this.outsideRequests = outside;
    // The browser resolves no name, so what is meant for elsewhere fails. What a webview asks of its own host does not.
    page.on("requestfailed", (request) => {
      const { host } = new URL(request.url());
      // One that is closed takes back what it has just asked of its host.
      const isTakenBack = host.endsWith(WEBVIEW_HOST) && request.failure()?.errorText === "net::ERR_ABORTED";
      if (host !== `127.0.0.1:${server.port}` && !isTakenBack) outside.push(request.url());
    });
    page.setDefaultTimeout(APPEARS_MS);
  }

  static async open(options: WorkbenchOptions): Promise<Workbench> {
    const {
      vsix,
      folder,
      theme = "Dark Modern",
      settings = {},
      asksForTrust = false,
      env = {},
      ...browserOptions
    } = options;
    const profile = new Profile({
      settings: { "workbench.colorTheme": theme, "security.workspace.trust.enabled": asksForTrust, ...settings },
    });
    let server: VSCodeServer | undefined;
    let browser: Browser | undefined;
    try {
      serverCommand(profile, ["--install-extension", vsix]);
      server = await VSCodeServer.start(profile, { asksForTrust, env });
      const opened = await openPage(browserOptions);
      browser = opened.browser;
      const workbench = new Workbench(browser, opened.page, server, profile);
      await opened.page.goto(server.address(folder), { timeout: STARTS_MS });
      await workbench.#isShown();
      return workbench;
    } catch (error) {
      await browser?.close();
      await server?.[Symbol.asyncDispose]();
      profile.remove();
      throw error;
    }
  }

  async command(title: string): Promise<void> {
    await this.quickInput.command(title);
  }

  /** Loads the window anew by VS Code's own command: the browser's reload loses what was changed just before it. */
  async reload(): Promise<void> {
    const loaded = this.page.waitForEvent("load", { timeout: STARTS_MS });
    await this.command("Developer: Reload Window");
    await loaded;
    await this.#isShown();
  }

  async setTheme(theme: Theme): Promise<void> {
    await this.command("Preferences: Color Theme");
    await this.quickInput.asks("Select Color Theme");
    await this.quickInput.fill(theme, { isAccepted: false });
    await this.quickInput.pick(theme);
    await this.page.locator(`.monaco-workbench.${THEMES[theme]}`).waitFor();
    await this.quickInput.isGone();
  }

  /** What VS Code measured of an extension, once that is active. */
  async activationTimes(extension: string): Promise<ActivationTimes> {
    for (;;) {
      await this.command("Developer: Startup Performance");
      await this.editors.tab("Startup Performance").waitFor();
      await this.editors.text.locator(".view-line", { hasText: "System Info" }).waitFor();
      const times = activationTimes(await this.editors.copyAll(), extension);
      await this.command("View: Close Editor");
      if (times !== undefined) return times;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close();
    await this.#server[Symbol.asyncDispose]();
    this.#profile.remove();
  }

  async #isShown(): Promise<void> {
    // The workbench's own mark. Before it, what is clicked can be undone by what is still being restored.
    const started = "performance.getEntriesByName('code/didStartWorkbench').length > 0";
    await this.page.waitForFunction(started, undefined, { timeout: STARTS_MS });
    // Extensions are read after that, and a palette that is opened before lacks their commands.
    await this.page.locator(".activitybar").getByRole("tab", { name: "Sluice" }).waitFor({ timeout: STARTS_MS });
  }
}
