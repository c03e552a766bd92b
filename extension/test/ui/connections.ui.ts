import assert from "node:assert/strict";
import { uiTest } from "./ui-test.ts";

/** Where nobody listens: the port is kept for no service, and takes rights to listen on. */
const NOBODY = "127.0.0.1:1";

uiTest("connections – added, changed, removed", {}, async ({ workbench, server, step, screenshotInAllThemes }) => {
  const { quickInput, sideBar, messages } = workbench;
  const connections = sideBar.view("Connections");

  await step("welcome: nothing is there yet, and what to do about it", async () => {
    await sideBar.open("Sluice");
    await connections.open();
    await connections.welcome("Start Embedded Server").waitFor();
    await screenshotInAllThemes("connections-welcome");
    await connections.welcome("Add Connection").click();
  });

  await step("a connection string is looked at while it is typed", async () => {
    await quickInput.asks("1/4");
    await quickInput.fill("http://localhost", { isAccepted: false });
    await quickInput.message("Write esdb:// in place of its beginning").waitFor();
    await quickInput.fill("esdb://localhost:port");
    await quickInput.message("Character 8: the port is not a number").waitFor();
    await quickInput.fill("esdb://localhost?tsl=false", { isAccepted: false });
    await quickInput.message("there is no option tsl").waitFor();
  });

  await step("a login without a password is asked for it, and there is a way back", async () => {
    await quickInput.fill(`esdb://admin@${NOBODY}?tls=true`);
    await quickInput.asks("The password of admin");
    await quickInput.button("Back").click();
    await quickInput.asks("1/5");
    await quickInput.fill(server.connectionString);
    await quickInput.asks("2/4");
  });

  await step("named, colored, with a policy, it is connected", async () => {
    await quickInput.fill("local");
    await quickInput.asks("By which color");
    await quickInput.pick("green");
    await quickInput.asks("What may be written");
    await quickInput.pick("read and write");
    await connections.item(/local, .*connected/).locator.waitFor();
    await messages.statusItem(/local, .*connected/).waitFor();
  });

  await step("a server that is not there: a sentence with the remedy, and buttons that lead to it", async () => {
    await connections.action("Add Connection…");
    await quickInput.fill(`esdb://${NOBODY}?tls=false`);
    await quickInput.asks("How you call it");
    await quickInput.fill("local", { isAccepted: false });
    await quickInput.message("There is a connection of this name").waitFor();
    await quickInput.fill("production");
    await quickInput.pick("red");
    await quickInput.asks("What may be written");
    await quickInput.pick("read-only");
    await connections.item(/^production, .*server not there/).locator.waitFor();
    await connections.item(`No server answers at ${NOBODY}`).locator.waitFor();
    assert.equal(await messages.notification("No server answers").count(), 0);
    await connections.item("Retry").locator.waitFor();
    await screenshotInAllThemes("connections-failed");
    await connections.item("Edit Connection…").click();
    await quickInput.asks("Edit production");
    await quickInput.fill(server.connectionString);
    await connections.item(/^production, .*connected/).locator.waitFor();
  });

  await step("renamed, given another policy and color, it stays connected", async () => {
    const item = connections.item(/^production/);
    await item.menu("Rename Connection…");
    await quickInput.asks("Rename production");
    await quickInput.fill("live");
    await connections.item(/^live, .*connected, read-only, red/).locator.waitFor();
    await connections.item(/^live/).menu("Set Policy…");
    await quickInput.asks("Policy of live");
    await quickInput.pick("ask before writing");
    await connections.item(/^live/).menu("Set Color…");
    await quickInput.asks("Color of live");
    await quickInput.pick("blue");
    await connections.item(/^live, .*connected, ask before writing, blue/).locator.waitFor();
  });

  await step("the status bar leads from one to another", async () => {
    await messages.statusItem(/^live/).click();
    await quickInput.asks("Which connection?");
    await quickInput.pick("local");
    await messages.statusItem(/^local/).waitFor();
  });

  await step("all is there again after a reload", async () => {
    await workbench.reload();
    await sideBar.open("Sluice");
    await connections.item(/^live, .*ask before writing, blue/).locator.waitFor();
    await messages.statusItem(/^local/).waitFor();
  });

  await step("removed after a question", async () => {
    await connections.item(/^live/).menu("Remove Connection…");
    await messages.decide("Remove the connection live?", "Cancel");
    await connections.item(/^live/).locator.waitFor();
    await connections.item(/^live/).menu("Remove Connection…");
    await messages.decide("Remove the connection live?", "Remove");
    await connections.item(/^live/).locator.waitFor({ state: "detached" });
  });
});

uiTest("connections – a server that goes away and comes back", {}, async ({ workbench, server, step }) => {
  const { quickInput, sideBar, messages } = workbench;
  const streams = sideBar.view("Streams");
  const connections = sideBar.view("Connections");

  await step("connected", async () => {
    await sideBar.open("Sluice");
    await workbench.command("Sluice: Add Connection…");
    await quickInput.asks("As your application has it");
    await quickInput.fill(server.connectionString);
    await quickInput.asks("How you call it");
    await quickInput.fill("local");
    await quickInput.pick("no color");
    await quickInput.asks("What may be written");
    await quickInput.pick("read and write");
    await connections.item(/local, .*, connected/).locator.waitFor();
  });

  await step("its end is noticed by itself, and nobody is bothered with it", async () => {
    await server.kill();
    await connections.item(/local, .*server not there/).locator.waitFor();
    await messages.statusItem(/local, .*server not there/).waitFor();
    await streams.item(/No server answers/).locator.waitFor();
    await workbench.page.locator(".notification-toast").waitFor({ state: "hidden" });
  });

  await step("and so is its return", async () => {
    await server.startAgain();
    await connections.item(/local, .*, connected/).locator.waitFor();
    await messages.statusItem(/local, .*, connected/).waitFor();
    await streams.item("$all").locator.waitFor();
    await server.append("order-1", [{ type: "OrderPlaced", data: {} }]);
    await streams.action("Refresh Streams");
    await streams.item("order").locator.waitFor();
    await streams.item("ledger").locator.waitFor({ state: "detached" });
  });
});
