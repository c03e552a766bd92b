import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { command, component, event, startEndpoint } from "@sluice/transport";
import { Keyboard } from "../workbench/keyboard.ts";
import { addConnection } from "./add-connection.ts";
import { uiTest } from "./ui-test.ts";

const SOURCES = {
  "package.json": '{ "name": "shop", "type": "module", "dependencies": { "@sluice/transport": "*" } }\n',
  "messages.ts": `import { command, event } from "@sluice/transport";

export const PlaceOrder = command("sales.PlaceOrder", { to: "sales" })<{ orderId: string; total: number }>();
export const OrderPlaced = event("sales.OrderPlaced")<{ orderId: string; total: number }>();
export const ChargeCard = command("billing.ChargeCard", { to: "billing" })<{ orderId: string; amount: number }>();
export const CardCharged = event("billing.CardCharged")<{ orderId: string }>();
export const CardRefused = event("billing.CardRefused")<{ orderId: string; reason: string }>();
`,
  "sales.ts": `import { component } from "@sluice/transport";
import { CardCharged, OrderPlaced, PlaceOrder } from "./messages.ts";

export const sales = component("sales", (c) => {
  c.handle(PlaceOrder, async (order, ctx) => {
    await ctx.publish(OrderPlaced, order);
  });
  c.handle(CardCharged, async () => {});
});
`,
  "billing.ts": `import { component } from "@sluice/transport";
import { CardCharged, ChargeCard, OrderPlaced } from "./messages.ts";

export const billing = component("billing", (c) => {
  c.handle(OrderPlaced, async ({ orderId, total }, ctx) => {
    await ctx.send(ChargeCard, { orderId, amount: total });
  });
  c.handle(ChargeCard, async ({ orderId }, ctx) => {
    await ctx.publish(CardCharged, { orderId });
  });
});
`,
};

const prepare = (folder: string): void => {
  symlinkSync(join(import.meta.dirname, "../../../node_modules"), join(folder, "node_modules"));
  mkdirSync(join(folder, "src"));
  for (const [name, text] of Object.entries(SOURCES)) {
    writeFileSync(join(folder, name === "package.json" ? name : `src/${name}`), text);
  }
};

const PlaceOrder = command("sales.PlaceOrder", { to: "sales" })<{ orderId: string; total: number }>();
const OrderPlaced = event("sales.OrderPlaced")<{ orderId: string; total: number }>();
const ChargeCard = command("billing.ChargeCard", { to: "billing" })<{ orderId: string; amount: number }>();
const CardCharged = event("billing.CardCharged")<{ orderId: string }>();

class CardExpired extends Error {
  override readonly name = "CardExpired";
}

/** The picture shows the shop's own lines, and no folder of the machine that takes it. */
const inShop = (error: Error, line: number): Error =>
  Object.assign(error, {
    stack: `${error.name}: ${error.message}\n    at chargeCard (file:///srv/shop/src/billing.ts:${line}:11)`,
  });

/** A shop in which some cards have expired. */
async function trade(connectionString: string): Promise<void> {
  const sales = component("sales", (c) => {
    c.handle(PlaceOrder, (order, ctx) => ctx.publish(OrderPlaced, order));
  });
  const billing = component("billing", { immediateRetries: 0, delayedRetries: 0 }, (c) => {
    c.handle(OrderPlaced, ({ orderId, total }, ctx) => ctx.send(ChargeCard, { orderId, amount: total }));
    c.handle(ChargeCard, async ({ orderId, amount }, ctx) => {
      if (amount % 3 === 0) throw inShop(new CardExpired(`the card of order ${orderId} has expired`), 14);
      if (amount > 1_000) throw inShop(new RangeError(`${amount} is more than the card takes`), 15);
      await ctx.publish(CardCharged, { orderId });
    });
  });
  let settled = 0;
  const done = Promise.withResolvers<void>();
  const endpoint = await startEndpoint([sales, billing], {
    connectionString,
    on: ({ kind, ...of }) => {
      const isLast = kind === "parked" || (kind === "handled" && "type" in of && of.type === ChargeCard.type);
      if (isLast && ++settled === 20) done.resolve();
    },
  });
  for (let order = 1; order <= 20; order++) {
    await endpoint.send(PlaceOrder, { orderId: `${1000 + order}`, total: order === 8 ? 4_400 : 20 + order * 7 });
  }
  await done.promise;
  await endpoint.stop();
}

/** The throw-away folder's name is nothing to show. */
const settings = { "window.commandCenter": false, "window.title": "Sluice", "workbench.editor.useModal": "off" };
const options = { streams: new Map(), prepare, settings, width: 1200, height: 840 } as const;

/** The pictures of the README that need a workspace: `npm run screenshots -w extension` brings them there. */
uiTest("readme – components, previews, failed messages and a new handler are there", options, async (ui) => {
  const { workbench, server, step, screenshotInAllThemes } = ui;
  const { page, quickInput, sideBar, editors } = workbench;
  const keyboard = new Keyboard(page, quickInput);
  const components = sideBar.view("Components");
  const failed = sideBar.view("Failed Messages");

  await step("components, and what deploying would change", async () => {
    await trade(server.connectionString);
    await sideBar.open("Sluice");
    await addConnection(workbench, server.connectionString, "shop");
    await sideBar.view("Streams").close();
    await sideBar.view("Connections").close();
    await components.open();
    await components.item(/^sales.*drifted/).expand();
    await components.item(/^billing.*failed/).locator.waitFor();
    await components.item(/^Plan.*1 change/).click();
    await editors.tab("sales: on shop ↔ declared").waitFor();
    await editors.diff.modified.getByText("billing.CardCharged: now").first().waitFor();
    await screenshotInAllThemes("readme-components");
  });
  await step("a failed message", async () => {
    await editors.closeAll();
    await components.close();
    await failed.open();
    await failed.item(/^billing/).expand();
    await failed.item(/^RangeError/).locator.waitFor();
    await failed.item(/^CardExpired/).expand();
    await failed.item(/has expired/).click();
    await editors.tab("billing.ChargeCard.json").waitFor();
    await editors.text.getByText('"failureGroup"').first().waitFor();
    await screenshotInAllThemes("readme-failed");
  });
  await step("a preview beside its source", async () => {
    await editors.closeAll();
    await quickInput.command("View: Close Primary Side Bar");
    await editors.open("billing.ts");
    await editors.lens("Filter").last().click();
    await editors.tab("sluice.filter.billing.js").waitFor();
    await editors.text.getByText('"sales.OrderPlaced"').first().waitFor();
    await screenshotInAllThemes("readme-preview");
  });
  await step("a new handler before it is written", async () => {
    await editors.closeAll();
    await editors.open("sales.ts");
    await workbench.command("Sluice: New Handler…");
    await quickInput.asks("Which component handles it?");
    await keyboard.choose("sales", "sales");
    await quickInput.asks("What kind of handler?");
    await keyboard.choose("Event subscription", "Event subscription");
    await quickInput.asks("Which event?");
    await keyboard.choose("billing.CardRefused", "billing.CardRefused");
    await quickInput.asks("What does it send or publish?");
    await quickInput.box.press("Enter");
    const preview = page.locator(".bulk-edit-panel");
    await preview.getByText("sales.ts", { exact: true }).first().click();
    await editors.diff.modified.locator(".view-line").first().waitFor();
    await screenshotInAllThemes("readme-handler");
  });
});
