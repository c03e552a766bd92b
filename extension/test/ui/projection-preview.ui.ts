import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { component, event, startEndpoint } from "@sluice/transport";
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
const OrderPaid = event("sales.OrderPaidInFull")<{ orderId: string }>();

/** An older version, which has had one event handled; of another type there is one that it did not want. */
async function handleOne(connectionString: string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const billing = component("billing", (c) => c.handle(OrderPlaced, () => resolve()));
  const endpoint = await startEndpoint([billing], { connectionString });
  await endpoint.publish(OrderPaid, { orderId: "1" });
  await endpoint.publish(OrderPlaced, { orderId: "1" });
  await promise;
  await endpoint.stop();
}

/** What somebody has made of the filter on the server, by hand. */
const BY_HAND = `fromStream("$ce-out").when({
  $any(state, event) {
    missing.call(event);
  },
});
`;

const prepare = (folder: string): void => writeFileSync(join(folder, "billing.ts"), SOURCE);

const settings = {
  // Nothing is installed here.
  "typescript.validate.enable": false,
  "diffEditor.useInlineViewWhenSpaceIsLimited": false,
};

uiTest(
  "projection preview – follows the source, and is compared with what is deployed",
  { prepare, settings },
  async (ui) => {
    const { workbench, server, step, screenshot, screenshotInAllThemes } = ui;
    const { page, quickInput, sideBar, editors, messages } = workbench;

    await step("the lenses of a component lead to its projections, with no server at all", async () => {
      await sideBar.open("Sluice");
      await editors.open("billing.ts");
      await editors.lens("Preview Router").first().waitFor();
      await editors.lens("Router of invoice").waitFor();
      await screenshot("preview-lenses");
      await editors.lens("Filter").last().click();
      await editors.tab("sluice.filter.billing.js").waitFor();
      await editors.text.getByText('"sales.OrderPaid"').waitFor();
      await editors.remark("Without a server").waitFor();
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
      await handleOne(server.connectionString);
      await addConnection(workbench, server.connectionString, "local");
      await workbench.command("Sluice: Preview Projections…");
      await quickInput.asks("Which projection?");
      await quickInput.pick("sluice.filter.billing");
      await editors.remark("Differs from what is deployed on local").waitFor();
      await editors.lens("Compare with Deployed").click();
      await editors.tab("sluice.filter.billing: deployed on local ↔ preview").waitFor();
      await editors.diff.modified.getByText('"sales.OrderPaidInFull"').waitFor();
      await screenshotInAllThemes("preview-compared");
    });
    await step("a dry run says where each event would go", async () => {
      await editors.tab(/^sluice\.filter\.billing\.js/).click();
      await editors.lens("Dry Run…").click();
      await quickInput.asks("Over how many of the last events");
      await quickInput.box.press("Enter");
      await editors.tab("Dry run of sluice.filter.billing").waitFor();
      await editors.text.getByText("1 linked, 1 passed over").waitFor();
      const lines = (await editors.lines()).join("\n");
      assert.match(lines, /sales\.OrderPlaced +→ in\.billing-subscriptions/);
      assert.match(lines, /sales\.OrderPaidInFull +passed over: it lies before where this begins/);
      await screenshotInAllThemes("preview-dry-run");
      await workbench.command("View: Close Editor");
      await editors.tab("Dry run of").waitFor({ state: "detached" });
    });
    await step("stopped from its notification, it leaves nothing behind", async () => {
      const before = await editors.titles();
      await editors.tab(/^sluice\.filter\.billing\.js/).click();
      await editors.lens("Dry Run…").click();
      await quickInput.asks("Over how many of the last events");
      // A server that thinks.
      {
        using _silence = server.suspended();
        await quickInput.box.press("Enter");
        await messages.notification("reading events").waitFor();
        await messages.answer("Dry run of sluice.filter.billing", "Cancel");
        await messages.notification("Dry run of").waitFor({ state: "hidden" });
      }
      assert.deepEqual(await editors.titles(), before);
      await messages.statusItem("No Problems").waitFor();
    });
    await step(
      "what was edited by hand on the server is tried as it stands there, and its fault underlined",
      async () => {
        await server.client.updateProjection("sluice.filter.billing", BY_HAND);
        await editors.lens("Compare with Deployed").click();
        await editors.diff.original.getByText("missing").first().click();
        await workbench.command("Sluice: Dry Run Projection…");
        await quickInput.asks("Over how many of the last events");
        await quickInput.box.press("Enter");
        await editors.tab("Dry run of sluice.filter.billing").waitFor();
        await editors.text.getByText("Fault in line 3: missing is not defined").first().waitFor();
        await editors.tab(/^sluice.filter.billing: deployed on local/).click();
        const line = await editors.diff.original.locator(".view-line", { hasText: "missing.call" }).boundingBox();
        const underline = await editors.diff.original.locator(".squiggly-error").first().boundingBox();
        assert.ok(line !== null && underline !== null);
        assert.ok(Math.abs(line.y - underline.y) < line.height, "it stands at its line");
        await screenshotInAllThemes("preview-fault");
        assert.equal(
          await editors.diff.modified.locator(".squiggly-error").count(),
          0,
          "what was not tried has no fault",
        );
      },
    );
  },
);
