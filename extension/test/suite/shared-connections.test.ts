import assert from "node:assert/strict";
import { type Diagnostic, DiagnosticSeverity, extensions, languages, Uri, workspace } from "vscode";

/** Resolves with the problems that Sluice shows in a file, once there are so many. */
async function problemsOf(file: Uri, count: number): Promise<readonly Diagnostic[]> {
  const { promise, resolve } = Promise.withResolvers<readonly Diagnostic[]>();
  const look = (): void => {
    const own = languages.getDiagnostics(file).filter(({ source }) => source === "Sluice");
    if (own.length === count) resolve(own);
  };
  const listener = languages.onDidChangeDiagnostics(look);
  look();
  try {
    return await promise;
  } finally {
    listener.dispose();
  }
}

for (const { uri: folder, name } of workspace.workspaceFolders!) {
  suite(`connections that the workspace shares – in the folder ${name}`, () => {
    const file = Uri.joinPath(folder, ".vscode", "sluice.json");
    const write = (text: string): Thenable<void> => workspace.fs.writeFile(file, new TextEncoder().encode(text));

    suiteSetup(async () => {
      await extensions.getExtension("sluice.sluice-vscode")!.activate();
    });

    suiteTeardown(async () => {
      await workspace.fs.delete(Uri.joinPath(folder, ".vscode"), { recursive: true });
    });

    test("what is wrong in the file is shown at its place, as soon as it is there", async () => {
      await write(`{
  "connections": [
    { "name": "a", "connectionString": "esdb://localhost:port" },
    { "name": "b", "connectionString": "esdb://u:hunter2@localhost" }
  ]
}`);
      const [port, password] = await problemsOf(file, 2);
      assert.deepEqual(
        [port!.range.start.line, port!.range.start.character, port!.range.end.character, port!.severity],
        [2, 47, 61, DiagnosticSeverity.Error],
      );
      assert.equal(password!.range.start.line, 3);
      assert.doesNotMatch(port!.message + password!.message, /hunter2/);
    });

    test("and is gone when it is put right", async () => {
      await write('{ "connections": [{ "name": "a", "connectionString": "esdb://localhost:2113?tls=false" }] }');
      await problemsOf(file, 0);
    });
  });
}
