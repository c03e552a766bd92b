import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { component, deploy, event } from "@sluice/transport";
import { addConnection } from "./add-connection.ts";
import { uiTest } from "./ui-test.ts";

const SOURCE = `const TYPE = "sales.OrderPaid";
import { aggregate, component, event } from "@sluice/transport";

const OrderPlaced = event("sales.OrderPlaced")<{ orderId: string }>();
const OrderPaid = event(TYPE)<{ orderId: string }>();

const invoice = aggregate("invoice", {}, (a) => {
  a.evolve(OrderPaid);
});

export const billing = component("billing", (c) => {
  c.aggregate(invoice);
  c.handle(OrderPlaced, async () => {});
  c.handle(OrderPaid, async () => {});
});
`;
const OrderPlaced = event("sales.OrderPlaced")<{ orderId: string }>();
const billing = component("billing", (c) => c.handle(OrderPlaced, async () => {}));

const prepare = (folder: string): void => writeFileSync(join(folder, "billing.ts"), SOURCE);

uiTest("projection preview – follows the source, and is compared with what is deployed", { prepare }, async (ui) => {
  const { workbench, server, step, screenshot, screenshotInAllThemes } = ui;
  const { page, quickInput, sideBar, editors } = workbench;

  await step("the lenses of a component lead to its projections, with no server at all", async () => {
    await sideBar.open("Sluice");
    await editors.open("billing.ts");
    await editors.lens("Preview Router").first().waitFor();
    await editors.lens("Router of invoice").waitFor();
    await screenshot("preview-lenses");
    await editors.lens("Filter").last().click();
    await editors.tab("sluice.filter.billing.js").waitFor();
    await editors.text.getByText('"sales.OrderPaid"').waitFor();
    await editors.lens("Without a server").waitFor();
  });
  await step("the preview follows what is typed", async () => {
    await editors.tab("billing.ts").click();
    await editors.hasFocus();
    await page.keyboard.press("Control+Home");
    await page.keyboard.press("End");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.type("InFull");
    await page.locator(".editor-instance").getByText('"sales.OrderPaidInFull"(state').waitFor();
    await screenshot("preview-followed");
  });
  await step("it is compared with what is deployed", async () => {
    await deploy([billing], { connectionString: server.connectionString });
    await addConnection(workbench, server.connectionString, "local");
    await workbench.command("Sluice: Preview Projections…");
    await quickInput.asks("Which projection?");
    await quickInput.pick("sluice.filter.billing");
    await editors.lens("Differs from what is deployed on local").waitFor();
    await editors.lens("Compare with Deployed").click();
    await editors.tab("sluice.filter.billing: deployed on local ↔ preview").waitFor();
    await editors.diff.modified.getByText('"sales.OrderPaidInFull"').waitFor();
    await editors.diff.original.getByText('"sales.OrderPlaced"').waitFor();
    await screenshotInAllThemes("preview-compared");
  });
});
