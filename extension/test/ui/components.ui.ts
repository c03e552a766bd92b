import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { EventStoreDBClient, jsonEvent } from "@eventstore/db-client";
import { addConnection } from "./add-connection.ts";
import { uiTest } from "./ui-test.ts";

const SOURCES = {
  "package.json": '{ "name": "shop", "type": "module", "dependencies": { "@sluice/transport": "*" } }\n',
  "src/messages.ts": `import { command, event } from "@sluice/transport";
export const OrderPlaced = event("sales.OrderPlaced")<{ orderId: string }>();
export const ChargeCard = command("billing.ChargeCard", { to: "billing" })<{ orderId: string }>();
`,
  "src/billing.ts": `import { component } from "@sluice/transport";
import { ChargeCard, OrderPlaced } from "./messages.ts";
export const billing = component("billing", (c) => {
  c.handle(OrderPlaced, async () => {});
  c.handle(ChargeCard, async () => {});
});
`,
};

uiTest(
  "components – deployed from the tree, faulted with its reason, repaired, retired",
  {
    prepare(folder) {
      mkdirSync(join(folder, "src"));
      for (const [name, text] of Object.entries(SOURCES)) writeFileSync(join(folder, name), text);
    },
  },
  async (ui) => {
    const { workbench, server, step, screenshot, screenshotInAllThemes } = ui;
    const { sideBar, messages, editors, webviews } = workbench;
    const view = sideBar.view("Components");
    const client = EventStoreDBClient.connectionString(server.connectionString);
    try {
      await step("what the workspace declares is not deployed yet", async () => {
        await sideBar.open("Sluice");
        await addConnection(workbench, server.connectionString, "local");
        await sideBar.view("Streams").close();
        await sideBar.view("Connections").close();
        await view.open();
        await view.item(/^billing.*not deployed/).locator.waitFor();
        await view.item(/^billing/).expand();
        await view.item(/^Plan.*3 changes/).locator.waitFor();
        await screenshotInAllThemes("components-missing");
      });
      await step("the plan is a comparison", async () => {
        await view.item(/^Plan/).click();
        await editors.tab("billing: on local ↔ declared").waitFor();
        await editors.diff.modified.getByText("sales.OrderPlaced: now").first().waitFor();
        await screenshotInAllThemes("components-plan");
      });
      await step("deployed after a question that says what will be done", async () => {
        await view.item(/^billing/).menu("Deploy Component");
        await messages.dialog("create projection sluice.filter.billing: subscribe to sales.OrderPlaced").waitFor();
        await screenshot("components-deploy");
        await messages.decide("Deploy billing?", "Deploy");
        await messages.notification("billing is deployed.").waitFor();
        await view.item(/^billing(?!.*not deployed).*deployed/).locator.waitFor();
        await view.item(/^Filter.*running/).locator.waitFor();
        await screenshotInAllThemes("components-deployed");
      });
      await step("its queue opens in a panel", async () => {
        await client.appendToStream(
          "in.billing-shop",
          jsonEvent({ type: "billing.ChargeCard", data: { orderId: "1" } }),
        );
        await view.item(/^billing.*1 waiting/).locator.waitFor();
        await view.item(/^Queue.*1 waiting/).click();
        await editors.tab(/^\$ce-in\.billing ·/).waitFor();
        await webviews.active("billing.ChargeCard");
      });
      await step("a filter that has faulted is shown with its reason", async () => {
        // Somebody else writes where the filter alone writes.
        await client.appendToStream("in.billing-subscriptions", jsonEvent({ type: "Foreign", data: {} }));
        await client.appendToStream(
          "out-shop.direct",
          jsonEvent({ type: "sales.OrderPlaced", data: { orderId: "1" } }),
        );
        await view.item(/^billing.*faulted/).locator.waitFor();
        await view.item(/^Filter.*faulted · .+/).locator.waitFor();
        await screenshotInAllThemes("components-faulted");
      });
      await step("and is repaired", async () => {
        await view.item(/^billing/).action("Repair Component");
        await messages.decide("Repair billing?", "Repair");
        await messages.notification("billing is repaired.").waitFor();
        await view.item(/^Filter.*running/).locator.waitFor();
        await view.item(/^Deployments/).expand();
        await view.item(/^repaired/).locator.waitFor();
        await screenshot("components-repaired");
      });
      await step("retired only after it is said that what waits stays unhandled", async () => {
        await view.item(/^billing/).menu("Retire Component…");
        await messages.decide("Retire billing?", "Retire");
        await messages.decide("Retire billing and leave what waits unhandled?", "Retire");
        await messages.notification("billing is retired.").waitFor();
        await view.item(/^billing.*not deployed/).locator.waitFor();
      });
    } finally {
      await client.dispose();
    }
  },
);
