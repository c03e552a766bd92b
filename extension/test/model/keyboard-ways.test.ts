import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

interface Entry {
  readonly command: string;
  readonly when?: string;
  readonly group?: string;
}

const { contributes } = JSON.parse(readFileSync(join(import.meta.dirname, "../../package.json"), "utf8")) as {
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly menus: Readonly<Record<string, readonly Entry[]>>;
  };
};
const { commandPalette = [], ...menus } = contributes.menus;
const isInPalette = (command: string): boolean =>
  !commandPalette.some((entry) => entry.command === command && entry.when === "false");
/** Opened by Shift+F10 on the row that has the focus. */
const inMenus = new Set(
  ["view/item/context", "webview/context"]
    .flatMap((menu) => menus[menu] ?? [])
    .filter(({ group }) => group?.startsWith("inline") !== true)
    .map(({ command }) => command),
);
/** What rows do when Enter is pressed on them. */
const BY_ROWS = new Set([
  "sluice.streams.load",
  "sluice.streams.preview",
  "sluice.streams.enter",
  "sluice.failedMessages.more",
]);

test("keyboard – what a button does, the palette or the menu of a row does, too", () => {
  const buttons = Object.values(menus)
    .flat()
    .map(({ command }) => command);
  assert.deepEqual(
    buttons.filter((command) => !isInPalette(command) && !inMenus.has(command)),
    [],
  );
});

test("keyboard – no command is out of reach", () => {
  assert.deepEqual(
    contributes.commands
      .map(({ command }) => command)
      .filter((command) => !isInPalette(command) && !inMenus.has(command) && !BY_ROWS.has(command)),
    [],
  );
});
