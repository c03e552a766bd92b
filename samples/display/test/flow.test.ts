import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { startEmbedded } from "@sluice/embedded";
import {
  checkFlow,
  type FlowEvent,
  flowIn,
  flowOf,
  insertFlow,
  messageFlow,
  FlowDiffers,
} from "@sluice/sample-display";
import { command, component, event, reply, startEndpoint, startSender } from "@sluice/transport";

const id = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;

/** What is there of the n-th message, which the message `cause` has led to. */
function said(n: number, type: string, source: string, cause?: number, more: Record<string, unknown> = {}): FlowEvent {
  const metadata = {
    $correlationId: "c",
    ...(cause === undefined ? {} : { $causationId: id(cause) }),
    "sluice.source": source,
    ...more,
  };
  return { id: id(n), type, data: {}, metadata };
}
const to = (destination: string): Record<string, unknown> => ({ "sluice.destination": destination });

const course = [
  said(1, "sales.PlaceOrder", "shop", undefined, { ...to("sales") }),
  said(2, "sales.OrderPlaced", "sales", 1),
  said(3, "billing.ChargeCard", "billing", 2, { ...to("billing") }),
  said(4, "shipping.PickOrder", "shipping", 2, { ...to("shipping") }),
  said(5, "billing.CardCharged", "billing", 3),
  said(6, "shipping.Late", "shipping", 4, { ...to("shipping"), "sluice.deliverAt": "2027-01-01T00:00:00Z" }),
  said(7, "sales.Receipt", "sales", 1, { ...to("shop.replies"), "sluice.intent": "Reply" }),
];

const FLOW = `sequenceDiagram
  participant shop
  participant sales
  participant billing
  participant shipping
  shop->>sales: PlaceOrder
  sales-->>billing: OrderPlaced
  sales-->>shipping: OrderPlaced
  sales--)shop: Receipt
  billing->>billing: ChargeCard
  shipping->>shipping: PickOrder
  billing-->>billing: CardCharged
  shipping->>shipping: Late (later)
`;

test("flow – commands, events, replies and what is sent for later are told apart, handlers by what followed", () => {
  assert.equal(flowOf(course), FLOW);
});

test("flow – is the same in whichever order what happens beside each other is stored", () => {
  assert.equal(flowOf(course.toReversed()), FLOW);
});

test("flow – what was said several times at one moment is one arrow, retries and cancellations are notes", () => {
  const copy = { ...said(9, "billing.ChargeCard", "billing", 2, { ...to("billing"), "sluice.messageId": id(3) }) };
  const canceled = { ...said(10, "sluice.Cancelled", "shipping", 4, to("shipping")), data: { messageId: id(6) } };
  const text = flowOf([...course, said(8, "billing.CardCharged", "billing", 3), copy, canceled]);
  assert.match(text, /^  billing-->>billing: CardCharged \(2 times\)$/m);
  assert.match(text, /^  Note over billing: ChargeCard is tried again later$/m);
  assert.match(text, /^  Note over shipping: Late is canceled$/m);
});

test("flow – of what names itself as its cause is drawn all the same", () => {
  assert.match(flowOf([said(1, "a.B", "a", 2), said(2, "a.C", "a", 1)]), /a-->>a: B/);
});

test("flow – is put into a README, found there again, and held against another", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "sluice-flow-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const readme = join(folder, "README.md");
  writeFileSync(readme, insertFlow("# One\n\n```mermaid\n```\n\n```mermaid\nother\n```\n", "a $& b\n"));
  assert.equal(readFileSync(readme, "utf8"), "# One\n\n```mermaid\na $& b\n```\n\n```mermaid\nother\n```\n");
  assert.equal(flowIn(readFileSync(readme, "utf8")), "a $& b\n");
  checkFlow(readme, "a $& b\n");
  assert.throws(() => checkFlow(readme, "c\n"), FlowDiffers);
  assert.throws(() => insertFlow("# None\n", "a\n"), /no ```mermaid fence/);
  const two = "```mermaid\na\n```\n\n<!-- flow: other -->\n\n```mermaid\nb\n```\n";
  assert.equal(flowIn(two, "other"), "b\n");
  assert.equal(insertFlow(two, "c\n", "other"), two.replace("b\n", "c\n"));
  assert.throws(() => insertFlow(two, "a\n", "none"), /flow: none/);
});

test("flow – of one conversation among others, as it was", async (t) => {
  const Ask = command("sales.Ask", { to: "sales" })<{ n: number }>();
  const Asked = event("sales.Asked")<{ n: number }>();
  const Answer = reply("sales.Answer")<{ n: number }>();
  const Told = command("sales.Tell", { to: "sales" })<{ n: number }>();
  const told = Promise.withResolvers<void>();
  const sales = component("sales", (c) => {
    c.handle(Ask, async (body, ctx) => {
      await ctx.publish(Asked, body);
      await ctx.reply(Answer, body);
    });
    c.handle(Told, async ({ n }) => {
      if (n === 1) told.resolve();
    });
  });
  const audit = component("audit", (c) => c.receptor(Asked, (body) => Told(body)));
  const server = await startEmbedded({ memory: true, port: 0 });
  t.after(() => server.stop());
  const { connectionString } = server;
  const endpoint = await startEndpoint([sales, audit], { connectionString });
  const shop = await startSender("shop", { connectionString });
  await Promise.all([0, 1].map((n) => shop.ask(Ask, { n }, Answer, { timeout: 30_000, correlationId: `talk.${n}` })));
  await told.promise;
  assert.equal(
    await messageFlow(connectionString, "talk.1"),
    `sequenceDiagram
  participant shop
  participant sales
  participant audit
  shop->>sales: Ask
  sales-->>audit: Asked
  sales--)shop: Answer
  audit->>sales: Tell
`,
  );
  await shop.stop();
  await endpoint.stop();
});
