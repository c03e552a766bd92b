import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { uiTest } from "./ui-test.ts";

const EXTENSION = join(import.meta.dirname, "..", "..");

/** The texts that read otherwise in German. */
const ENGLISH = new Set(
  [
    ["package.nls.json", "package.nls.de.json"] as const,
    ["l10n/bundle.l10n.json", "l10n/bundle.l10n.de.json"] as const,
  ].flatMap(([original, translation]) => {
    const [english, german] = [original, translation].map(
      (file) => JSON.parse(readFileSync(join(EXTENSION, file), "utf8")) as Readonly<Record<string, string>>,
    );
    return Object.entries(english!).flatMap(([key, text]) => (german![key] === text ? [] : [text]));
  }),
);

uiTest("german – every text is in the user's language", { locale: "de" }, async (ui) => {
  const { workbench, server, step, screenshot } = ui;
  const { quickInput, sideBar, webviews, page } = workbench;
  const connections = sideBar.view("Verbindungen");
  const streams = sideBar.view("Streams");

  await step("of the manifest: views, welcome views, commands", async () => {
    await sideBar.open("Sluice");
    await connections.open();
    await connections.welcome("Eingebetteten Server starten").waitFor();
    await screenshot("german-welcome");
    await quickInput.command("Sluice: Verbindung hinzufügen…");
  });

  await step("of the host: questions, what is wrong with an answer, rows", async () => {
    await quickInput.asks("So, wie Ihre Anwendung sie hat");
    await quickInput.fill("esdb://localhost:port");
    await quickInput.message("Zeichen 8: Der Port ist keine Zahl").waitFor();
    await quickInput.fill(server.connectionString);
    await quickInput.asks("Wie Sie sie nennen");
    await quickInput.fill("lokal");
    await quickInput.asks("An welcher Farbe");
    await quickInput.pick("Grün");
    await quickInput.asks("Was darf über sie geschrieben werden?");
    await quickInput.pick("vor dem Schreiben fragen");
    await connections.item(/^lokal, .*verbunden, vor dem Schreiben fragen, Grün/).locator.waitFor();
  });

  await step("of a webview", async () => {
    await streams.open();
    await streams.item("order").expand();
    await streams.item(/^order-30\b/).click();
    const panel = await webviews.active("OrderPlaced");
    await panel.getByRole("button", { name: "Neuen Ereignissen folgen" }).waitFor();
    await screenshot("german-panel");
    const shown = await panel
      .locator("body")
      .evaluate((body) => [
        ...(body as HTMLElement).innerText.split("\n"),
        ...[...body.querySelectorAll("[aria-label], [title], [placeholder]")].flatMap((one) =>
          ["aria-label", "title", "placeholder"].map((name) => one.getAttribute(name) ?? ""),
        ),
      ]);
    assert.deepEqual(englishAmong(shown), []);
    assert.equal(await panel.locator("html").getAttribute("lang"), "de");
  });

  await step("of the views of components and failed messages", async () => {
    const components = sideBar.view("Komponenten");
    await components.open();
    await components.item("Es gibt noch keine Komponenten").locator.waitFor();
    const failed = sideBar.view("Fehlgeschlagene Nachrichten");
    await failed.open();
    await failed.locator.getByText("Keine Nachricht ist fehlgeschlagen.").waitFor();
    await screenshot("german-rooms");
  });

  await step("and none is left in English beside them", async () => {
    const shown = await page.locator(".sidebar").evaluate((bar) => (bar as HTMLElement).innerText.split("\n"));
    assert.deepEqual(englishAmong(shown), []);
  });
});

function englishAmong(shown: readonly string[]): readonly string[] {
  return shown.map((text) => text.trim()).filter((text) => ENGLISH.has(text));
}
