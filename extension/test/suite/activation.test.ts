import assert from "node:assert/strict";
import { commands, extensions } from "vscode";

const ID = "sluice.sluice-vscode";

interface Manifest {
  readonly contributes: {
    readonly commands?: readonly { readonly command: string; readonly title: string }[];
    readonly views: Readonly<Record<string, readonly { readonly id: string; readonly name: string }[]>>;
  };
}

suite("activation", () => {
  const extension = extensions.getExtension(ID)!;
  const { contributes } = extension.packageJSON as Manifest;
  const declared = contributes.commands ?? [];

  suiteSetup(async () => {
    await extension.activate();
  });

  test("the extension activates", () => {
    assert.equal(extension.isActive, true);
  });

  test("every declared command is registered", async () => {
    const registered = new Set(await commands.getCommands(true));
    assert.deepEqual(
      declared.filter(({ command }) => !registered.has(command)),
      [],
    );
  });

  test("every registered command is declared", async () => {
    const known = new Set(declared.map(({ command }) => command));
    // VS Code registers some for each view by itself.
    const views = Object.values(contributes.views).flatMap((views) => views.map(({ id }) => id));
    const own = (await commands.getCommands(true)).filter(
      (command) => command.startsWith("sluice.") && !views.some((view) => command.startsWith(`${view}.`)),
    );
    assert.deepEqual(
      own.filter((command) => !known.has(command)),
      [],
    );
  });

  test("every text of the manifest is in its language", () => {
    const texts = [
      ...declared.map(({ title }) => title),
      ...Object.values(contributes.views)
        .flat()
        .map(({ name }) => name),
    ];
    assert.deepEqual(
      texts.filter((text) => text.includes("%")),
      [],
    );
  });

  test("the views are there", async () => {
    for (const { id } of Object.values(contributes.views).flat()) await commands.executeCommand(`${id}.focus`);
  });
});
