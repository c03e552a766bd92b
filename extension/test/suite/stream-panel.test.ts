import { commands, extensions, type Tab, TabInputWebview, Uri, window, workspace } from "vscode";

/** The tabs of stream panels. */
function panels(): readonly Tab[] {
  const tabs = window.tabGroups.all.flatMap((group) => group.tabs);
  return tabs.filter(({ input }) => input instanceof TabInputWebview && input.viewType.endsWith("sluice.stream"));
}

/** Resolves once this is so; asked again whenever a tab changes. */
async function until(isSo: () => boolean): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const look = (): void => {
    if (isSo()) resolve();
  };
  const listener = window.tabGroups.onDidChangeTabs(look);
  look();
  try {
    await promise;
  } finally {
    listener.dispose();
  }
}

/** Panels of these names are open and no others, the first of them in front. */
function areOpen(...names: readonly string[]): Promise<void> {
  return until(() => {
    const labels = panels().map(({ label }) => label);
    const isFirstInFront =
      names[0] === undefined || panels().some(({ label, isActive }) => isActive && label === names[0]);
    return isFirstInFront && labels.toSorted().join() === names.toSorted().join();
  });
}

suite("stream panels", () => {
  const folder = Uri.joinPath(workspace.workspaceFolders![0]!.uri, ".vscode");
  const file = Uri.joinPath(folder, "sluice.json");
  const connectionId = `${file.toString()}#seeded`;
  const open = (stream: string) => commands.executeCommand("sluice.stream.open", { connectionId, stream });

  suiteSetup(async () => {
    await extensions.getExtension("sluice.sluice-vscode")!.activate();
    const connection = { name: "seeded", connectionString: process.env["SLUICE_TEST_SERVER"] };
    await workspace.fs.writeFile(file, new TextEncoder().encode(JSON.stringify({ connections: [connection] })));
  });

  suiteTeardown(async () => {
    await window.tabGroups.close(panels());
    await workspace.fs.delete(folder, { recursive: true });
  });

  test("a stream opens in a panel that is named after it, and after its connection once that is known", async () => {
    await open("ledger-2026");
    await areOpen("ledger-2026 · seeded");
  });

  test("a row of the tree opens its stream beside it; one that is open already is shown again", async () => {
    const row = { kind: "stream", connectionId, stream: "order-1", under: "" };
    await commands.executeCommand("sluice.streams.open", row);
    await areOpen("order-1 · seeded", "ledger-2026 · seeded");
    await open("ledger-2026");
    await areOpen("ledger-2026 · seeded", "order-1 · seeded");
  });

  test("closed, they are gone", async () => {
    await window.tabGroups.close(panels());
    await areOpen();
  });
});
