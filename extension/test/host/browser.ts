import { type Browser, chromium, type Page } from "playwright-core";
import { CHROMIUM } from "./installation.ts";

export interface BrowserOptions {
  readonly width?: number;
  readonly height?: number;
  /** Pixels of the screen for one of the page. Default 1. */
  readonly scale?: number;
  /** Of the browser and of extensions; without a language pack VS Code's own texts stay English. Default "en". */
  readonly locale?: string;
}

/** A headless Chromium that resolves no name, with one page. It ends with the browser that is answered. */
export async function openPage(options: BrowserOptions = {}): Promise<{ browser: Browser; page: Page }> {
  const { width = 1280, height = 800, scale = 1, locale = "en" } = options;
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    // The caller ends the server first.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    args: [
      ...["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage"],
      ...["--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
      "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
    ],
  });
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: "dark",
    deviceScaleFactor: scale,
    locale,
    permissions: ["clipboard-read", "clipboard-write"],
  });
  // What a language pack sets before the workbench starts.
  if (locale !== "en") await context.addInitScript(`globalThis._VSCODE_NLS_LANGUAGE = ${JSON.stringify(locale)};`);
  return { browser, page: await context.newPage() };
}
