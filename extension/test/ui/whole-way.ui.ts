import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { event, startSender } from "@sluice/transport";
import type { FrameLocator } from "playwright-core";
import { until } from "../../../test/until.ts";
import { Keyboard } from "../workbench/keyboard.ts";
import { addConnection } from "./add-connection.ts";
import { appendStreams, STREAMS } from "./listed-streams.ts";
import { uiTest } from "./ui-test.ts";

/** What a company has that sells by another program, and has begun a component that is to charge cards. */
const SOURCES = {
  "package.json": '{ "name": "company", "type": "module", "dependencies": { "@sluice/transport": "*" } }\n',
  "messages.ts": `import { command } from "@sluice/transport";

export const ChargeCard = command("billing.ChargeCard", { to: "billing" })<{ orderId: string }>();
`,
  "billing.ts": `import { component } from "@sluice/transport";

export const billing = component("billing", { immediateRetries: 0, delayedRetries: 0 }, (c) => {});
`,
  "main.ts": `import { startEndpoint } from "@sluice/transport";
import { billing } from "./billing.ts";

const endpoint = await startEndpoint([billing], {
  connectionString: process.env["SERVER"] ?? "esdb://127.0.0.1:2113?tls=false",
  deploy: false,
});
process.once("SIGTERM", () => void endpoint.stop());
console.log("billing receives");
`,
};

const prepare = (folder: string): void => {
  symlinkSync(join(import.meta.dirname, "../../../node_modules"), join(folder, "node_modules"));
  for (const [name, text] of Object.entries(SOURCES)) writeFileSync(join(folder, name), text);
};
const settings = { "workbench.editor.useModal": "off", "typescript.validate.enable": false };

const OrderPlaced = event("shop.OrderPlaced")<{ orderId: string; total: number }>();
const PUBLISHED = "out-shop.direct";
const EVENTS = 24;
const CORRELATION = "5f0c7b4e-3a55-4c1b-8d47-0a4f7c6d1e2b";

/** Sources are run as they are, and see nothing of the test that runs them. */
function run(folder: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const { NODE_TEST_CONTEXT: _, ...inherited } = process.env;
  return [
    process.execPath,
    ["--conditions=sluice-source", ...args],
    { cwd: folder, env: { ...inherited, ...env } },
  ] as const;
}

/** The workspace's own program, until it is disposed of. */
function program(folder: string, server: string): AsyncDisposable & { says(line: string): Promise<void> } {
  const [node, args, options] = run(folder, ["main.ts"], { SERVER: server });
  const child = spawn(node, args, { ...options, stdio: ["ignore", "pipe", "inherit"] });
  const exit = once(child, "exit");
  const said: string[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => said.push(line));
  return {
    async says(line) {
      await until(async () => {
        assert.equal(child.exitCode, null, "the program has ended");
        return said.includes(line) ? true : undefined;
      });
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await exit;
    },
  };
}

uiTest(
  "the whole way – from a connection over an event and its flow to a handler that is deployed, fails, and is helped",
  { streams: new Map(), prepare, settings },
  async (ui) => {
    const { workbench, server, folder, step, screenshot } = ui;
    const { page, quickInput, sideBar, editors, webviews, messages } = workbench;
    const keyboard = new Keyboard(page, quickInput);
    const text = (name: string): string =>
      existsSync(join(folder, name)) ? readFileSync(join(folder, name), "utf8") : "";
    const components = sideBar.view("Components");
    const failed = sideBar.view("Failed Messages");
    let panel: FrameLocator;
    const row = (revision: number) =>
      panel.getByRole("row").filter({ has: panel.getByRole("gridcell", { name: String(revision), exact: true }) });
    await using ending = new AsyncDisposableStack();
    const shop = await startSender("shop", { connectionString: server.connectionString });
    ending.defer(() => shop.stop());

    await step(`there are ${STREAMS} streams, and one that a shop publishes into`, async () => {
      for (let n = 0; n < EVENTS; n++) await shop.publish(OrderPlaced, { orderId: `${n}`, total: n * 10 });
      await appendStreams(
        server,
        Array.from({ length: STREAMS }, (_, n) => `cart-${n}`),
      );
    });
    await step("connect", async () => {
      await sideBar.open("Sluice");
      await addConnection(workbench, server.connectionString, "local");
      await sideBar
        .view("Connections")
        .item(/^local, .*connected/)
        .locator.waitFor();
    });
    await step("find the stream among them", async () => {
      await workbench.command("Sluice: Find Stream…");
      await quickInput.asks("Find Stream");
      await quickInput.fill("out-sh", { isAccepted: false });
      await quickInput.pick(PUBLISHED);
      panel = await webviews.active(OrderPlaced.type);
      await row(EVENTS - 1).waitFor();
    });
    await step("filter it", async () => {
      const box = panel.getByRole("combobox", { name: "Filter" });
      await box.fill("$.total>=200");
      await box.press("Enter");
      await panel.getByText("Found 4").waitFor();
      await screenshot("whole-way-filter");
      await panel.getByRole("button", { name: "Clear Filter" }).click();
    });
    await step("follow what arrives", async () => {
      await panel.getByRole("button", { name: "Follow New Events" }).click();
      await panel.getByText("Live", { exact: true }).waitFor();
      const metadata = { $correlationId: CORRELATION };
      await server.append("cart-7", [{ type: "shop.CartCheckedOut", data: {}, metadata }]);
      await shop.publish(OrderPlaced, { orderId: "24", total: 240 }, { correlationId: CORRELATION });
      await row(EVENTS).waitFor();
    });
    await step("open the event, and follow its flow", async () => {
      await row(EVENTS).click();
      await panel.getByRole("region", { name: "Event" }).getByText("orderId").first().waitFor();
      await panel.getByRole("button", { name: "Show Flow" }).click();
      panel = await webviews.active("found by $bc-");
      const rows = panel.getByRole("tabpanel").getByRole("row");
      await rows.filter({ hasText: "shop.CartCheckedOut" }).first().waitFor();
      await rows.filter({ hasText: OrderPlaced.type }).first().waitFor();
      await screenshot("whole-way-flow");
      await editors.closeAll();
    });
    await step("scaffold a handler from what was seen, through the refactor preview", async () => {
      await workbench.command("Sluice: New Handler…");
      await quickInput.asks("Which component handles it?");
      await keyboard.choose("billing", "billing");
      await quickInput.asks("What kind of handler?");
      await keyboard.choose("Event subscription", "Event subscription");
      await quickInput.asks("Which event?");
      await quickInput.widget.getByText(`${EVENTS + 1} events`).waitFor();
      await keyboard.choose(OrderPlaced.type, OrderPlaced.type);
      await quickInput.asks("What does it send or publish?");
      await keyboard.choose("Nothing yet", "Nothing yet");
      const preview = page.locator(".bulk-edit-panel");
      await preview.getByText("on-order-placed.test.ts").waitFor();
      await screenshot("whole-way-refactor-preview");
      await preview.getByRole("button", { name: "Apply", exact: true }).click();
      await editors.tab("on-order-placed.ts").waitFor();
      // A file that is being saved is empty for a moment.
      await until(async () =>
        text("messages.ts").includes('event("shop.OrderPlaced")<OrderPlacedBody>()') &&
        text("billing.ts").includes("c.handle(OrderPlaced, onOrderPlaced);") &&
        text("on-order-placed.test.ts").includes("onOrderPlaced")
          ? true
          : undefined,
      );
    });
    await step("run its test", () => {
      const [node, args, options] = run(folder, ["--test", "on-order-placed.test.ts"]);
      assert.match(execFileSync(node, args, { ...options, encoding: "utf8" }), /^ℹ pass 1$/m);
      return Promise.resolve();
    });
    await step("write what it does", async () => {
      const written = text("on-order-placed.ts");
      const remark = /^.*\/\/ What happens now\?.*$/m;
      assert.match(written, remark);
      const does = [
        "  if (message.total < 0) throw new RangeError(`no card is charged with ${message.total}`);",
        "  console.log(`charged ${message.total} for order ${message.orderId}`);",
      ].join("\n");
      await editors.paste(written.replace("_message:", "message:").replace(remark, () => does));
      await editors.save();
    });
    await step("preview what deploying would make of its component", async () => {
      await editors.open("billing.ts");
      await editors.lens("Filter").last().click();
      await editors.tab("sluice.filter.billing.js").waitFor();
      await editors.text.getByText('"shop.OrderPlaced"').first().waitFor();
      await screenshot("whole-way-projection");
      // It stays when the next is shown.
      await editors.tab("sluice.filter.billing.js").dblclick();
    });
    await step("run that dry, over what is there", async () => {
      await editors.lens("Dry Run…").click();
      await quickInput.asks("Over how many of the last events");
      await quickInput.box.press("Enter");
      await editors.tab("Dry run of sluice.filter.billing").waitFor();
      await editors.text.getByText(`0 linked, ${EVENTS + 1} passed over`).waitFor();
      assert.match(
        (await editors.lines()).join("\n"),
        /shop\.OrderPlaced +passed over: it lies before where this begins/,
      );
      await screenshot("whole-way-dry-run");
    });
    await step("deploy it", async () => {
      await sideBar.view("Streams").close();
      await sideBar.view("Connections").close();
      await components.open();
      await components.item(/^billing.*not deployed/).menu("Deploy Component");
      await messages.dialog("subscribe to shop.OrderPlaced").waitFor();
      await messages.decide("Deploy billing?", "Deploy");
      await messages.notification("billing is deployed.").waitFor();
      await components.item(/^billing(?!.*not deployed).*deployed/).expand();
      await components.item(/^Filter.*running/).locator.waitFor();
      // A preview that is open tells it, too.
      await editors.tab("sluice.filter.billing.js").click();
      await editors.remark("As deployed on local").waitFor();
    });
    const billing = ending.use(program(folder, server.connectionString));
    await step("start the workspace's program, and see a message handled", async () => {
      await billing.says("billing receives");
      await components.item(/^Queue.*empty.*1 receiver/).locator.waitFor();
      await shop.publish(OrderPlaced, { orderId: "25", total: 250 });
      await billing.says("charged 250 for order 25");
      await screenshot("whole-way-deployed");
    });
    await step("see one that the handler refuses put aside", async () => {
      await shop.publish(OrderPlaced, { orderId: "26", total: -260 });
      await components.close();
      await failed.open();
      await failed.item(/^billing.*1 message/).expand();
      await failed.item(/^RangeError at onOrderPlaced/).expand();
      await failed.item(/no card is charged with -260/).locator.waitFor();
    });
    await step("edit it, retry it, and see it handled", async () => {
      await failed.item(/charged with -260/).menu("Edit and Retry Failed Message");
      await editors.lens("Send").waitFor();
      await editors.replace(": -260", ": 260");
      await editors.text.getByText('"total": 260').waitFor();
      await screenshot("whole-way-edited");
      await page.keyboard.press("Control+Enter");
      await messages.notification("The edited message is in the queue of billing").waitFor();
      await billing.says("charged 260 for order 26");
      await failed.locator.getByText("No message has failed.").waitFor();
    });
  },
);
