import { type CodeLens, commands, extensions, Uri, window, workspace } from "vscode";

/** A folder that lies on no disk, in a host that has none. */
suite("a virtual workspace in a browser", () => {
  const folder = workspace.workspaceFolders?.find(({ name }) => name === "virtual")?.uri;
  const source = Uri.joinPath(folder ?? Uri.parse("tmp:/virtual"), "src/billing.ts");

  suiteSetup(async () => {
    const text = `import { component, event } from "@sluice/transport";
const OrderPlaced = event("sales.OrderPlaced")<{ orderId: string }>();
export const billing = component("billing", (c) => {
  c.handle(OrderPlaced, async () => {});
});
`;
    await workspace.fs.writeFile(source, new TextEncoder().encode(text));
    await extensions.getExtension("sluice.sluice-vscode")?.activate();
  });
  suiteTeardown(async () => {
    await commands.executeCommand("workbench.action.closeAllEditors");
    await workspace.fs.delete(Uri.joinPath(source, ".."), { recursive: true });
  });

  test("what its sources declare is previewed as deploying would make it", async () => {
    await window.showTextDocument(source);
    const lenses = await commands.executeCommand<readonly CodeLens[]>("vscode.executeCodeLensProvider", source);
    const command = lenses.map((lens) => lens.command).find((command) => command?.title === "Filter");
    if (command === undefined) throw new Error(`There is no lens for its filter among ${lenses.length}.`);
    await commands.executeCommand(command.command, ...(command.arguments ?? []));
    const document = window.activeTextEditor?.document;
    if (document?.uri.scheme !== "sluice-projection" || !document.getText().includes('"sales.OrderPlaced"'))
      throw new Error(`This is shown: ${document?.uri.toString()}\n${document?.getText()}`);
  });
});
