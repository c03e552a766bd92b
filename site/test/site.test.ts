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
  const { page, origin, complaints } = await opened(t);
  await page.goto(`${origin}/`);
  assert.equal(await heading(page), "Messaging on EventStoreDB");
  assert.deepEqual(await violations(page), []);

  await page.locator("main").getByRole("link", { name: "The tutorial" }).click();
  await page.waitForURL("**/transport/tutorial.html");
  assert.match(await heading(page), /hour/);
  assert.deepEqual(await violations(page), []);

  await page.keyboard.press("Control+k");
  await page.getByRole("searchbox").fill("idempotency");
  await page.locator(".VPLocalSearchBox .result").first().waitFor();
  assert.deepEqual(await violations(page), []);
  await page.keyboard.press("Enter");
  await page.waitForURL("**/transport/idempotency.html*");
  assert.match(await heading(page), /^Idempotency/);

  await page.getByRole("link", { name: "Reference", exact: true }).first().click();
  await page.waitForURL("**/reference/");
  await page.locator("main").getByRole("link", { name: "@sluice/transport", exact: true }).click();
  await page.locator("main").getByRole("link", { name: "startEndpoint", exact: true }).click();
  await page.waitForURL("**/functions/startEndpoint.html");
  assert.match(await page.locator("main").innerText(), /Deploys what the components need/);
  assert.deepEqual(await violations(page), []);

  const isDark = (): Promise<boolean> => page.evaluate(() => document.documentElement.classList.contains("dark"));
  const before = await isDark();
  await page.getByRole("switch").first().click();
  await page.waitForFunction((was) => document.documentElement.classList.contains("dark") !== was, before);
  for (const path of ["/", "/transport/tutorial.html", "/reference/transport/functions/startEndpoint.html"]) {
    await page.goto(origin + path);
    assert.equal(await isDark(), !before, "the choice is kept");
    assert.deepEqual(await violations(page), []);
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

/** The site in a browser; what goes wrong there is collected. */
async function opened(t: TestContext): Promise<{ page: Page; origin: string; complaints: readonly string[] }> {
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
  return { page, origin: server.origin, complaints };
}

const heading = (page: Page): Promise<string> =>
  page
    .locator("main h1")
    .first()
    .evaluate((h1) => h1.firstChild?.textContent?.trim() ?? "");

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
