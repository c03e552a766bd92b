import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, test, type TestContext } from "node:test";
import { promisify } from "node:util";
import type * as Axe from "axe-core";
import type { Page } from "playwright-core";
import { openPage } from "../../extension/test/host/browser.ts";
import { faultsOf } from "../check-site.ts";
import { DeadLink, leadLinks } from "../links.ts";
import { serve } from "./static-server.ts";

const SITE = join(import.meta.dirname, "../.vitepress/dist");
const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

declare global {
  // What the source above leaves behind in the document.
  var axe: typeof Axe | undefined;
}

before(async () => {
  await promisify(execFile)(process.execPath, [join(import.meta.dirname, "../build.ts")]).catch(
    ({ stdout, stderr }: { stdout: string; stderr: string }) => assert.fail(stdout + stderr),
  );
});

test("site – is read from its first page to the reference, in both themes, without another host", async (t) => {
  const { page, origin, complaints, inspect } = await opened(t);
  await page.goto(`${origin}/`);
  await arrived(page, /^Messaging on EventStoreDB/);
  await inspect();

  await page.locator("main").getByRole("link", { name: "The tutorial" }).click();
  await arrived(page, /hour/);
  await inspect();

  await page.keyboard.press("Control+k");
  await page.getByRole("searchbox").fill("idempotency");
  // Not looked at by axe-core, which does not like VitePress's own markup of it: a list of options with links in them.
  await page.locator(".VPLocalSearchBox .result").first().waitFor();
  await page.keyboard.press("Enter");
  await arrived(page, /^Idempotency/);

  await page.getByRole("link", { name: "Reference", exact: true }).first().click();
  await arrived(page, /^Reference/);
  await page.locator("main").getByRole("link", { name: "@sluice/transport", exact: true }).click();
  await arrived(page, /^@sluice\/transport/);
  await page.locator("main").getByRole("link", { name: "startEndpoint", exact: true }).click();
  await arrived(page, /^startEndpoint/);
  assert.match(await page.locator("main").innerText(), /Deploys what the components need/);
  await inspect();

  const isDark = (): Promise<boolean> => page.evaluate(() => document.documentElement.classList.contains("dark"));
  const before = await isDark();
  await page.getByRole("switch").first().click();
  await page.waitForFunction((was) => document.documentElement.classList.contains("dark") !== was, before);
  for (const path of ["/", "/transport/tutorial.html", "/reference/transport/functions/startEndpoint.html"]) {
    await page.goto(origin + path);
    assert.equal(await isDark(), !before, "the choice is kept");
    await inspect();
  }
  assert.deepEqual(complaints, []);
});

test("site – a link into nothing is told: a page, a heading, and what another host would be asked for", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "sluice-site-"));
  t.after(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, "how-to"));
  const page = `<h1 id="top"></h1><a class="x" href="/how-to/outbox.html#here"></a><a href="how-to/"></a><a href="#top"></a>`;
  writeFileSync(join(folder, "index.html"), `${page}<a href="#gone"></a><img src="https://other.example/x.png">`);
  writeFileSync(
    join(folder, "how-to/outbox.html"),
    `<h2 id="here"></h2><a href="../gone.html"></a><a href="https://x.example"></a>`,
  );
  assert.deepEqual(faultsOf(folder).toSorted(), [
    "how-to/outbox.html links to ../gone.html, which is not there.",
    "index.html links to #gone, where there is no such heading.",
    "index.html links to how-to/, which is not there.",
    "index.html loads https://other.example/x.png from another host.",
  ]);
  const attributes = new Map([["href", "gone.md"]]);
  const link = {
    tag: "a",
    type: "link_open",
    children: null,
    attrs: null,
    attrGet: (name: string) => attributes.get(name) ?? null,
    attrSet: (name: string, value: string) => void attributes.set(name, value),
  };
  assert.throws(() => leadLinks([link], join(import.meta.dirname, "../../docs/index.md")), DeadLink);
  attributes.set("href", "../transport/README.md#views");
  leadLinks([link], join(import.meta.dirname, "../../docs/index.md"));
  assert.equal(attributes.get("href"), "/transport/index.md#views");
});

interface Opened {
  readonly page: Page;
  readonly origin: string;
  /** What went wrong on the way. */
  readonly complaints: readonly string[];
  /** Adds what axe-core finds wrong with the page as it is. */
  inspect(): Promise<void>;
}

/** The site in a browser. */
async function opened(t: TestContext): Promise<Opened> {
  const server = await serve(SITE);
  t.after(() => server[Symbol.asyncDispose]());
  const { browser, page } = await openPage();
  t.after(() => browser.close());
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(`${message.text()} ${message.location().url}`);
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => {
    if (!request.url().startsWith(server.origin) && !request.url().startsWith("data:")) complaints.push(request.url());
  });
  const inspect = async (): Promise<void> => {
    const theme = await page.locator("html").getAttribute("class");
    for (const violation of await violations(page)) complaints.push(`${page.url()} ${theme}: ${violation}`);
  };
  return { page, origin: server.origin, complaints, inspect };
}

/** Until a page of this heading is shown: the address changes before what it leads to. */
const arrived = (page: Page, heading: RegExp): Promise<void> =>
  page.locator("main h1").filter({ hasText: heading }).first().waitFor();

/** What axe-core finds wrong with a page, a line each. */
async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axeSource);
  return page.evaluate(async () => {
    const results = await globalThis.axe!.run(document, { resultTypes: ["violations"] });
    return results.violations.flatMap(({ id, help, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${help}: ${target.join(" ")}: ${failureSummary ?? ""}`),
    );
  });
}
