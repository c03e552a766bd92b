import { randomUUID } from "node:crypto";
import type { Seed } from "../server/seeded-server.ts";
import { addConnection } from "./add-connection.ts";
import { placePurchase } from "./purchase.ts";
import { uiTest } from "./ui-test.ts";

const KINDS = ["OrderPlaced", "OrderPaid", "OrderPacked", "OrderShipped"] as const;

/** A shop in the middle of its day: each order with its payment and its parcel. */
const streams = new Map<string, readonly Seed[]>(
  Array.from({ length: 40 }, (_, index) => index + 1).flatMap((order): [string, readonly Seed[]][] => {
    const metadata = { $correlationId: randomUUID(), user: order % 3 === 0 ? "ada" : "grace" };
    const total = 20 + ((order * 37) % 400);
    const events = KINDS.map((type, position): Seed => ({
      type,
      data: { order, customer: `C-${1000 + ((order * 7) % 60)}`, total, currency: "EUR", position },
      metadata,
    }));
    return [
      [`order-${order}`, events],
      [`payment-${order}`, [{ type: "PaymentReceived", data: { order, amount: total, currency: "EUR" }, metadata }]],
      [`parcel-${order}`, [{ type: "ParcelHandedOver", data: { order, carrier: "DHL", weight: 1.25 }, metadata }]],
    ];
  }),
);
streams.set(
  "stock-2026",
  Array.from({ length: 2_000 }, (_, entry): Seed => ({
    type: entry % 5 === 0 ? "GoodsReceived" : "GoodsReserved",
    data: { article: `A-${100 + (entry % 40)}`, quantity: 1 + (entry % 9), order: entry % 5 === 0 ? null : entry },
    metadata: { $correlationId: randomUUID() },
  })),
);

/** The throw-away folder's name is nothing to show. */
const settings = { "window.commandCenter": false, "window.title": "Sluice" };

/** The pictures of the README: `npm run screenshots -w extension` brings them there. */
uiTest("readme – what it shows is there", { streams, settings, width: 1200, height: 840 }, async (ui) => {
  const { workbench, server, step, screenshotInAllThemes } = ui;
  const { quickInput, sideBar, webviews, editors } = workbench;
  const view = sideBar.view("Streams");

  await step("the way in", async () => {
    await sideBar.open("Sluice");
    await sideBar.view("Connections").open();
    await sideBar.view("Connections").welcome("Start Embedded Server").waitFor();
    await screenshotInAllThemes("readme-welcome");
  });
  await step("streams by category, with favorites", async () => {
    await addConnection(workbench, server.connectionString, "shop");
    await view.open();
    await view.item("order").expand();
    await view.item("order-38").action("Add to Favorites");
    await view.item("Favorites").expand();
    await view.begins("$all", "Favorites", "order-38");
  });
  await step("a stream, filtered, with an event's details", async () => {
    await quickInput.command("Sluice: Find Stream…");
    await quickInput.asks("Find Stream");
    await quickInput.fill("stock", { isAccepted: false });
    await quickInput.pick("stock-2026");
    const panel = await webviews.active("GoodsReserved");
    const box = panel.getByRole("combobox", { name: "Filter" });
    await box.fill("type:GoodsReserved $.quantity>=8");
    await box.press("Enter");
    await panel.getByText("Found 100 so far").waitFor();
    await panel.getByRole("gridcell", { name: "1979", exact: true }).click();
    await panel.getByRole("region", { name: "Event" }).getByText("quantity").first().waitFor();
    await screenshotInAllThemes("readme-panel");
    await workbench.command("View: Close All Editors");
  });
  await step("the tree beside a stream of it", async () => {
    await view.item("order-38").locator.dblclick();
    await webviews.active("OrderShipped");
    await screenshotInAllThemes("readme-streams");
  });
  await step("two events compared", async () => {
    const panel = await webviews.active("OrderShipped");
    const row = (type: string) => panel.getByRole("row").filter({ hasText: type });
    await row("OrderPlaced").click();
    await row("OrderShipped").click({ modifiers: ["Control"] });
    await panel.getByRole("button", { name: /^Compare/ }).click();
    await editors.diff.modified.locator(".view-line").first().waitFor();
    await screenshotInAllThemes("readme-compare");
  });
  await step("a conversation, as a sequence", async () => {
    const correlationId = randomUUID();
    await placePurchase(server.connectionString, correlationId);
    await quickInput.command("View: Close All Editors");
    await quickInput.command("View: Close Primary Side Bar");
    await quickInput.command("Sluice: Show Flow by Correlation Id…");
    await quickInput.asks("Show a Conversation of shop");
    await quickInput.fill(correlationId);
    const tree = await webviews.active("found by $bc-");
    await tree.getByRole("row").filter({ hasText: "accounting.BookPurchase" }).first().click();
    await tree.locator("tr.active").filter({ hasText: "accounting.BookPurchase" }).waitFor();
    // A click shows the event in its stream, beside.
    await editors.tab(/^purchase-hamburg/).click({ button: "middle" });
    await editors.tab(/^purchase-hamburg/).waitFor({ state: "detached" });
    const panel = await webviews.active("found by $bc-");
    await workbench.page.keyboard.press("Shift+Alt+2");
    await panel.getByRole("img", { name: "Sequence, drawn" }).waitFor();
    await screenshotInAllThemes("readme-flow");
  });
});
