import assert from "node:assert/strict";
import { commands, Position, Uri, workspace, WorkspaceEdit } from "vscode";
import type { WorkspaceModel } from "../../src/workspace-model/declarations.ts";
import { type WorkspaceModels, workspaceModels } from "../../src/workspace-model/workspace-models.ts";

suite("the model of a workspace", () => {
  const [disk, virtual] = workspace.workspaceFolders!.map(({ uri }) => uri);
  const source = (name: string) => `import { component } from "@sluice/transport";\ncomponent("${name}", (c) => {});\n`;
  const onDisk = Uri.joinPath(disk!, "src/sales.ts");
  const inMemory = Uri.joinPath(virtual!, "src/billing.ts");
  const compiled = Uri.joinPath(disk!, "dist/sales.js");
  let models: WorkspaceModels;

  const write = (uri: Uri, text: string) => workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  const names = ({ components }: WorkspaceModel) => components.map(({ name = "" }) => name);
  /** The next model that has these components. */
  const until = (wanted: readonly string[]) =>
    new Promise<void>((resolve) => {
      const listening = models.onDidChange((model) => {
        if (names(model).join() !== wanted.join()) return;
        listening.dispose();
        resolve();
      });
    });

  suiteSetup(async () => {
    await write(onDisk, source("sales"));
    await write(compiled, source("compiled"));
    await write(inMemory, source("billing"));
    models = workspaceModels();
  });
  suiteTeardown(async () => {
    models.dispose();
    await commands.executeCommand("workbench.action.closeAllEditors");
    for (const folder of ["src", "dist"]) await workspace.fs.delete(Uri.joinPath(disk!, folder), { recursive: true });
    await workspace.fs.delete(Uri.joinPath(virtual!, "src"), { recursive: true });
  });

  test("holds what is declared on disk and in a virtual folder, and not what is compiled", async () => {
    assert.equal(models.last, undefined);
    assert.deepEqual(names(await models.read()), ["sales", "billing"]);
  });

  test("follows a document as it is typed, without it being saved", async () => {
    const document = await workspace.openTextDocument(onDisk);
    const changed = until(["salesA", "billing"]);
    const edit = new WorkspaceEdit();
    const offset = document.getText().indexOf('sales"') + "sales".length;
    edit.insert(onDisk, document.positionAt(offset), "A");
    await workspace.applyEdit(edit);
    await changed;
    assert.equal(document.isDirty, true);
    assert.deepEqual(names(await models.read()), ["salesA", "billing"]);
  });

  test("keeps the last good reading while what is typed cannot be parsed", async () => {
    const edit = new WorkspaceEdit();
    edit.insert(onDisk, new Position(0, 0), "const = ;");
    await workspace.applyEdit(edit);
    const model = await models.read();
    assert.deepEqual(names(model), ["salesA", "billing"]);
    assert.equal(model.unparsed.length, 1);
  });

  test("follows files that come and go", async () => {
    const more = Uri.joinPath(disk!, "src/archive.ts");
    const come = until(["archive", "salesA", "billing"]);
    await write(more, source("archive"));
    await come;
    const gone = until(["salesA", "billing"]);
    await workspace.fs.delete(more);
    await gone;
  });

  test("follows a folder that comes, is renamed and goes as a whole", async () => {
    const folder = Uri.joinPath(disk!, "src/parts");
    const renamed = Uri.joinPath(disk!, "src/pieces");
    const file = Uri.joinPath(renamed, "archive.ts").toString();
    const before = names(await models.read());
    const placeOf = ({ components }: WorkspaceModel) => components.find(({ name }) => name === "archive")?.place.uri;
    const come = until(["archive", ...before]);
    await write(Uri.joinPath(folder, "archive.ts"), source("archive"));
    await come;
    await workspace.fs.rename(folder, renamed);
    while (placeOf(await models.read()) !== file) await new Promise((resolve) => models.onDidChange(resolve));
    const gone = until(before);
    await workspace.fs.delete(renamed, { recursive: true });
    await gone;
  });
});
