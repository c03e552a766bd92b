import { extensions, commands } from "vscode";

suite("activation in a browser", () => {
  const extension = extensions.getExtension("sluice.sluice-vscode");

  test("the extension activates", async () => {
    await extension?.activate();
    if (extension?.isActive !== true) throw new Error("It is not active.");
  });

  test("the views are there", async () => {
    await commands.executeCommand("sluice.connections.focus");
  });
});
