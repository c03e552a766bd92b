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
