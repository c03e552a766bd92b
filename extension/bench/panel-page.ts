import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { chromium, type Page } from "playwright-core";
import type { EventStore } from "../src/event-store/event-store.ts";
import { PanelSession } from "../src/stream-panel/host/panel-session.ts";
import { parseToHost, type ToView } from "../src/stream-panel/protocol.ts";
import { CHROMIUM } from "../test/host/installation.ts";

const ROOT = join(import.meta.dirname, "..");
const TYPES: Readonly<Record<string, string>> = { css: "text/css", js: "text/javascript", ttf: "font/ttf" };

const HTML = `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>panel</title>
<link rel="stylesheet" href="/codicon.css"><link rel="stylesheet" href="/stream-panel.css"></head><body>
<script>window.acquireVsCodeApi = () => ({ postMessage: toHost, getState() {}, setState() {} });</script>
<script type="module" src="/stream-panel.js"></script></body></html>`;

/** The panel's webview in a browser of its own, with a host's session behind it. */
export interface PanelPage extends AsyncDisposable {
  readonly page: Page;
}

/** Shows a stream. The bundles must be built. */
export async function panelPage(store: EventStore, stream: string): Promise<PanelPage> {
  const server = createServer((request, response) => {
    const file = (request.url ?? "/").split("?", 1)[0] ?? "/";
    const type = TYPES[file.split(".").at(-1) ?? ""];
    response.setHeader("content-type", type ?? "text/html");
    response.end(type === undefined ? HTML : readFileSync(join(ROOT, "dist", file)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const post = (message: ToView): void =>
    void page.evaluate((message) => window.postMessage(message, "*"), message).catch(() => {});
  const session = new PanelSession({
    open: () => Promise.resolve(store),
    wait: () => Promise.reject(new Error("the server is away")),
    onState: () => {},
    post,
  });
  await page.exposeFunction("toHost", (message: unknown) => {
    const parsed = parseToHost(message);
    if (parsed?.kind === "ready") {
      const connection = { id: "bench", name: "bench", server: "bench", isStopped: false };
      post({ kind: "shown", connection, source: { stream }, locale: "en" });
    } else if (parsed !== undefined) session.handle(parsed);
  });
  await page.goto(`http://127.0.0.1:${port}/`);
  return {
    page,
    async [Symbol.asyncDispose]() {
      session.dispose();
      await browser.close();
      server.close();
    },
  };
}
