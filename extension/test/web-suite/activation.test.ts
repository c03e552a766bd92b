import { extensions, commands } from "vscode";

suite("activation in a browser", () => {
  const extension = extensions.getExtension("sluice.sluice-vscode");

  test("the extension activates", async () => {
    await extension?.activate();
    if (extension?.isActive !== true) throw new Error("It is not active.");
  });

  test("commands that need a machine are there, to say that they are not offered", async () => {
    const registered = await commands.getCommands(true);
    if (!registered.includes("sluice.embedded.start")) throw new Error("It is not registered.");
  });

  test("the views are there", async () => {
    await commands.executeCommand("sluice.connections.focus");
  });
});
