import assert from "node:assert/strict";
import { test } from "node:test";
import { bareTexts } from "../../../scripts/l10n/bare-texts.ts";

const textsOf = (source: string): readonly string[] => bareTexts("source.ts", source).map(({ text }) => text);

for (const [where, source, text] of [
  ["a notification", 'window.showErrorMessage("Failed")', "Failed"],
  ["a button of a notification", 'window.showWarningMessage(l10n.t("Sure?"), { modal: true }, "remove")', "remove"],
  ["the status bar", 'entry.text = "$(plug) connected"', "$(plug) connected"],
  ["a label behind a condition", 'pick.items = [{ label: isOpen ? "open" : l10n.t("closed") }]', "open"],
  ["a row of a tree", 'new TreeItem("empty")', "empty"],
  ["an error that users see", 'throw new AppendRefusedError("refused")', "refused"],
  ["the message of an error class", 'class GoneError extends Error { constructor() { super("gone") } }', "gone"],
  ["what is put into a text", 'l10n.t("The stream is {0}.", isGone ? "gone" : name)', "gone"],
  ["a template", "item.tooltip = `${count} events`", "{} events"],
  ["a sentence that is handed on", 'const sentence = "No server answers."', "No server answers."],
  ["the text of markup", "html`<p class=${name}>Reading</p>`", "Reading"],
  ["an attribute that is read out", 'html`<button aria-label="Close" class="icon"></button>`', "Close"],
  ["a value that markup shows", 'html`<p class=${"note"}>${isDone ? "done" : texts.reading}</p>`', "done"],
  ["markup without a tag", "const page = `<title>Events</title><body class=${name}></body>`", "Events"],
] as const) {
  test(`bare texts – found in ${where}`, () => {
    assert.deepEqual(textsOf(source), [text]);
  });
}

test("bare texts – told with their lines", () => {
  assert.deepEqual(bareTexts("source.ts", 'const a = 1;\nwindow.showErrorMessage("Failed")'), [
    { line: 2, text: "Failed" },
  ]);
});

test("bare texts – not found in what is translated, logged, compared, or tells programmers", () => {
  const source = `
    import { thing } from "./a thing.ts";
    type Kind = "one of two" | "two of two";
    window.showErrorMessage(l10n.t("Failed: {0}", error.message));
    log.info("Connected to a server");
    if (key === "Arrow Down" || kind === "gone") throw new RangeError("A page has one entry.");
    switch (kind) { case "Page Up": break; }
    item.iconPath = new ThemeIcon("database");
    item.contextValue = ";connection;open;";
    item.text = "$(lock)";
    window.createOutputChannel("Sluice");
    input.placeholder = "esdb://localhost:2113?tls=false";
    const style = \`transform: translateY(\${top}px)\`;
    html\`<div class="events of a stream" .style=\${panes}>\${texts.reading}</div>\`;
  `;
  assert.deepEqual(textsOf(source), []);
});
