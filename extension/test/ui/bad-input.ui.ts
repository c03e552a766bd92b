import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ServerProcess } from "../../../test/server-process.ts";
import { addConnection } from "./add-connection.ts";
import { uiTest } from "./ui-test.ts";

uiTest("bad input – each a sentence with the remedy, and a button that leads to it", {}, async (ui) => {
  const { workbench, server, step, screenshot } = ui;
  const { quickInput, sideBar, messages, page } = workbench;
  const connections = sideBar.view("Connections");
  await sideBar.open("Sluice");
  await connections.open();

  await step("a connection string that is wrong", async () => {
    await quickInput.command("Sluice: Add Connection…");
    await quickInput.asks("As your application has it");
    await quickInput.fill("esdb://localhost:port");
    await quickInput.message("Character 8: the port is not a number").waitFor();
    await screenshot("wrong-connection-string");
    await page.keyboard.press("Escape");
    await quickInput.isGone();
  });

  await step("a server that is not there", async () => {
    // Nobody listens there: the port takes rights that no test has a use for.
    await addConnection(workbench, "esdb://127.0.0.1:1?tls=false", "gone");
    await connections.item("No server answers at 127.0.0.1:1").locator.waitFor();
    // The view says it, so that nothing else does.
    await messages.notification("No server answers").waitFor({ state: "hidden" });
    await screenshot("server-not-there");
    await connections.item("Edit Connection…").click();
    await quickInput.asks("As your application has it");
    await quickInput.fill(server.connectionString);
    await connections.item(/^gone, .*connected/).locator.waitFor();
  });

  const data = mkdtempSync(join(tmpdir(), "sluice-secured-"));
  const secured = await ServerProcess.start(["--data", data, "--tls"]);
  try {
    await step("a certificate that is not trusted", async () => {
      await addConnection(workbench, `esdb://admin:wrong@${secured.address}`, "secured");
      await connections.item(/certificate of .* is not trusted/).locator.waitFor();
      await screenshot("certificate-not-trusted");
      await connections.item("Choose CA File…").click();
      await quickInput.openFile("Certificate authority of secured", join(data, "certificates"), "ca.crt");
      await connections.item(/refuses the login admin/).locator.waitFor();
    });

    await step("a wrong password", async () => {
      await screenshot("wrong-password");
      await connections.item("Enter Password…").click();
      await quickInput.asks("The password of admin");
      await quickInput.fill("changeit");
      await connections.item(/^secured, .*connected/).locator.waitFor();
    });
  } finally {
    await secured.stop();
    rmSync(data, { recursive: true, force: true });
  }
});
