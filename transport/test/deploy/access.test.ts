import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { AccessDeniedError, EventStoreDBClient, jsonEvent } from "@eventstore/db-client";
import { startEmbedded } from "@sluice/embedded";
import {
  AccessRefused,
  type AccessOptions,
  aggregate,
  command,
  component,
  deploy,
  event,
  openParked,
  OriginalRefused,
  plan,
  startSender,
  startEndpoint,
} from "../../src/index.ts";
import { openDeployments } from "../../src/endpoint/published-deploy.ts";
import { createUser } from "../endpoint/create-user.ts";
import { bench, read, until } from "../endpoint/harness.ts";
import { onOwnServer } from "../server-under-test.ts";

const secured = onOwnServer("it makes users");

const PlaceOrder = command("sales.PlaceOrder", { to: "sales" })<{ orderId: string }>();
const OrderPlaced = event("sales.OrderPlaced")<{ orderId: string }>();
const ChargeCard = command("billing.ChargeCard", { to: "billing" })<{ orderId: string }>();
const Remind = command("billing.Remind", { to: "billing" })<{ orderId: string }>();

const order = aggregate("order", { placed: false }, { events: [OrderPlaced] }, (a) => {
  a.decide(
    PlaceOrder,
    (m) => m.orderId,
    (state, m) => (state.placed ? [] : [OrderPlaced(m)]),
  );
  a.evolve(OrderPlaced, () => ({ placed: true }));
});

const charged: string[] = [];
const reminded: string[] = [];
const sales = component("sales", (c) => {
  c.aggregate(order);
  c.handle(OrderPlaced, async (m, ctx) => {
    await ctx.send(ChargeCard, m);
    await ctx.send(Remind, m, { delayFor: 50 });
  });
});
const billing = component("billing", { immediateRetries: 0, delayedRetries: 0 }, (c) => {
  c.handle(ChargeCard, ({ orderId }) => {
    if (orderId === "bad") throw new Error("it is bad");
    charged.push(orderId);
  });
  c.handle(Remind, (m) => void reminded.push(m.orderId));
});

const ACCESS: AccessOptions = {
  logins: { sales: "sales-svc", billing: "billing-svc" },
  members: "shop",
  readers: ["support"],
};

async function server(t: TestContext) {
  const running = await startEmbedded({ memory: true, port: 0, tls: true });
  t.after(() => running.stop());
  const as = (login: string): string => running.connectionString.replace("esdb://", `esdb://${login}:changeit@`);
  await createUser(as("admin"), "boss", ["$admins"]);
  for (const login of ["sales-svc", "billing-svc"]) await createUser(as("admin"), login, ["shop"]);
  for (const login of ["support", "stranger"]) await createUser(as("admin"), login);
  const clientOf = (login: string): EventStoreDBClient => {
    const client = EventStoreDBClient.connectionString(as(login));
    t.after(() => client.dispose());
    return client;
  };
  return { as, clientOf, admin: { connectionString: as("boss") } };
}

async function mayRead(client: EventStoreDBClient, stream: string): Promise<boolean> {
  try {
    for await (const _event of client.readStream(stream, { maxCount: 1 }));
    return true;
  } catch (error) {
    return !(error instanceof AccessDeniedError);
  }
}

async function mayWrite(client: EventStoreDBClient, stream: string): Promise<boolean> {
  try {
    // At a revision that it is not at: nothing is written.
    await client.appendToStream(stream, jsonEvent({ type: "x", data: {} }), { expectedRevision: 99_999n });
    return true;
  } catch (error) {
    return !(error instanceof AccessDeniedError);
  }
}

test(
  "access – components run under logins of their own, each with rights on its own streams only",
  secured,
  async (t) => {
    const { as, clientOf, admin } = await server(t);
    const all = [sales, billing];
    const before = await plan(all, { ...admin, access: ACCESS });
    const acls = before.flatMap(({ steps }) => steps.filter(({ kind }) => kind === "acl"));
    assert.ok(acls.some(({ name, acl }) => name === "intermediate.sales" && acl?.$w.join() === "sales-svc"));
    assert.deepEqual(
      before[0]?.access?.uncovered.map(({ streams }) => streams),
      ["order-*", "in.sales-*", "later.sales-*"],
    );

    await deploy(all, { ...admin, access: ACCESS });
    assert.deepEqual(
      (await plan(all, { ...admin, access: ACCESS })).flatMap(({ steps }) => steps),
      [],
    );
    const again = await deploy(all, { ...admin, access: ACCESS });
    assert.deepEqual([...new Set(again.steps.map(({ action }) => action))], ["unchanged"]);

    const events: string[] = [];
    const on = ({ kind }: { readonly kind: string }): void => void (kind === "handled" || events.push(kind));
    const ofSales = await startEndpoint([sales], { connectionString: as("sales-svc"), on });
    t.after(() => ofSales.stop());
    const ofBilling = await startEndpoint([billing], { connectionString: as("billing-svc"), on });
    t.after(() => ofBilling.stop());
    await ofBilling.send(PlaceOrder, { orderId: "1" });
    await until("it is charged", () => charged.includes("1"));
    await until("it is reminded of, by a deferred message", () => reminded.includes("1"));
    await ofSales.send(ChargeCard, { orderId: "bad" });
    const parked = openParked("billing", { connectionString: as("support") });
    t.after(() => parked.close());
    await until("one is parked, and a reader sees it", async () => (await parked.list()).messages.length === 1);
    await assert.rejects(parked.retry("all", { by: "support" }), AccessRefused);
    const looking = openDeployments({ connectionString: as("support") });
    t.after(() => looking.close());
    const { components } = await looking.observe();
    assert.deepEqual(
      components.map(({ name, deployed }) => `${name} ${deployed?.access?.login}`),
      ["billing billing-svc", "sales sales-svc"],
    );
    await assert.rejects(deploy([component("more")], { connectionString: as("support") }), AccessRefused);

    // What the first events have made is given its rights by the next deployment; then nothing is left.
    await deploy(all, { ...admin, access: ACCESS });
    const { access, steps } = (await plan([sales], { ...admin, access: ACCESS }))[0]!;
    assert.deepEqual([steps, access?.notThereYet], [[], ["out-sales"]], "its outbox has published nothing");

    const OF_SALES = {
      "its own": ["handled.sales", "attempts.sales", "later.sales", "in.sales-deferred", "in.sales-retries"],
      sent: ["intermediate.sales", "out-sales.direct", "in.billing-sales", "order-1"],
      projected: ["in.sales-subscriptions", "out-order", "$ce-in.sales", "$ce-later.sales", "$ce-order"],
      records: ["deployment.sales"],
    };
    const logins = {
      owner: clientOf("sales-svc"),
      member: clientOf("billing-svc"),
      support: clientOf("support"),
      stranger: clientOf("stranger"),
    };
    const may = async (client: EventStoreDBClient, streams: readonly string[]): Promise<string> => {
      const found = new Set<string>();
      for (const stream of streams) {
        const rights = [(await mayRead(client, stream)) && "read", (await mayWrite(client, stream)) && "write"];
        found.add(rights.filter(Boolean).join(" and ") || "nothing");
      }
      return [...found].join(", ");
    };
    const table: Record<string, Record<string, string>> = {};
    for (const [login, client] of Object.entries(logins)) {
      table[login] = {};
      for (const [kind, streams] of Object.entries(OF_SALES)) table[login][kind] = await may(client, streams);
    }
    assert.deepEqual(table, {
      owner: { "its own": "read and write", sent: "read and write", projected: "read", records: "read" },
      member: { "its own": "nothing", sent: "read", projected: "nothing, read", records: "read" },
      support: { "its own": "read", sent: "read", projected: "read", records: "read" },
      stranger: { "its own": "nothing", sent: "nothing", projected: "nothing", records: "nothing" },
    });
    assert.ok(!(await mayRead(logins.member, "$ce-in.sales")), "no other login gets its messages");
    const expected = ["connected", "dangling", "failed", "parked"];
    assert.deepEqual(
      events.filter((kind) => !expected.includes(kind)),
      [],
    );
  },
);

test(
  "access – a message that the receiver's login may not read is parked with what to do, and handled when a person has it retried",
  secured,
  async (t) => {
    const { as, admin } = await server(t);
    const handled: string[] = [];
    const Note = command("notes.Note", { to: "notes" })<{ n: string }>();
    const notes = component("notes", (c) => c.handle(Note, ({ n }) => void handled.push(n)));
    const writer = component("writer", (c) => c.handle(OrderPlaced, (m, ctx) => ctx.send(Note, { n: m.orderId })));
    await deploy([notes], admin);
    await deploy([writer], { ...admin, access: { logins: { writer: "sales-svc" }, members: "shop" } });
    const parkings: unknown[] = [];
    const ofNotes = await startEndpoint([notes], {
      connectionString: as("stranger"),
      on: (event) => event.kind === "parked" && void parkings.push(event.error),
    });
    t.after(() => ofNotes.stop());
    const ofWriter = await startEndpoint([writer], { connectionString: as("sales-svc") });
    t.after(() => ofWriter.stop());
    await ofWriter.publish(OrderPlaced, { orderId: "17" });
    await until("it is parked", () => parkings.length === 1);
    assert.ok(parkings[0] instanceof OriginalRefused);
    assert.match(parkings[0].message, /may not read the message that its queue leads to, 0@intermediate\.writer\./);
    const parked = openParked("notes", admin);
    t.after(() => parked.close());
    const [found] = await until("it is listed", async () => {
      const { messages } = await parked.list();
      return messages.length > 0 && messages;
    });
    assert.equal(found?.message?.type, "notes.Note");
    await parked.retry("all", { by: "boss" });
    await until("it is handled", () => handled.length === 1);
    assert.deepEqual(handled, ["17"]);
  },
);

test(
  "access – on a closed server members send to a component, and nobody else makes streams; operators do not deploy",
  secured,
  async (t) => {
    const { as, clientOf, admin } = await server(t);
    const placed: string[] = [];
    const orders = component("sales", (c) => c.handle(PlaceOrder, (m) => void placed.push(m.orderId)));
    const access = { ...ACCESS, closesServer: true };
    await clientOf("boss").appendToStream("$settings", jsonEvent({ type: "$settings", data: { mine: 1 } }));
    await assert.rejects(deploy([orders], { connectionString: as("ops"), access }), AccessRefused);
    await deploy([orders], { ...admin, access });
    assert.deepEqual((await plan([orders], { ...admin, access }))[0]?.steps, []);
    const endpoint = await startEndpoint([orders], { connectionString: as("sales-svc") });
    t.after(() => endpoint.stop());
    const member = await startSender("web", { connectionString: as("billing-svc") });
    t.after(() => member.stop());
    await member.send(PlaceOrder, { orderId: "1" });
    await until("it is handled", () => placed.length === 1);
    await assert.rejects(startSender("elsewhere", { connectionString: as("stranger") }), AccessRefused);
    assert.ok(!(await mayWrite(clientOf("stranger"), "in.sales-elsewhere")));
    assert.deepEqual(
      [await mayRead(clientOf("stranger"), "in.sales-web"), await mayRead(clientOf("support"), "in.sales-web")],
      [false, true],
    );
    const [settings] = await read(clientOf("boss"), "$settings", { direction: "backwards", fromRevision: "end" });
    assert.equal(Object(settings?.event?.data).mine, 1, "what else stands in the settings stays");
  },
);

test("access – rights that somebody has changed are found without saying them again, and given back; what was deleted is left alone", async () => {
  await using b = await bench();
  const { connectionString, client } = b;
  const work = component(b.name("work"), (c) => c.handle(event(`${b.name("pub")}.A`)<{ n: number }>(), () => {}));
  const streams = ["intermediate", "handled", "parked"].map((kind) => `${kind}.${b.name("work")}`);
  const [intermediate, handled, parked] = streams as [string, string, string];
  await client.setStreamMetadata(intermediate, { maxAge: 1_000_000, note: "mine" });
  await client.appendToStream(parked, jsonEvent({ type: "x", data: {} }));
  await client.deleteStream(parked);
  await deploy([work], { connectionString, access: { readers: ["support"] } });
  const { metadata } = await client.getStreamMetadata(intermediate);
  assert.deepEqual([metadata?.maxAge, metadata?.["note"]], [1_000_000, "mine"]);
  assert.equal(metadata?.acl?.readRoles, "$all");
  await assert.rejects(
    read(client, parked, {}).then((events) => assert.notEqual(events.length, 0)),
    "it stays deleted",
  );
  assert.deepEqual((await plan([work], { connectionString }))[0]?.steps, []);

  await client.setStreamMetadata(handled, { maxCount: 5 });
  await client.setStreamMetadata(intermediate, { acl: { readRoles: ["somebody"] } });
  const found = (await plan([work], { connectionString }))[0]!.steps;
  assert.deepEqual(
    found.map(({ kind, name, action }) => [kind, name, action]),
    [
      ["acl", intermediate, "update"],
      ["acl", handled, "create"],
    ],
  );
  const { steps } = await deploy([work], { connectionString });
  assert.deepEqual(
    steps.filter(({ kind }) => kind === "acl").map(({ name, action }) => [name, action]),
    [
      [intermediate, "updated"],
      [handled, "created"],
    ],
  );
  assert.equal((await client.getStreamMetadata(handled)).metadata?.maxCount, 5);
  assert.deepEqual((await plan([work], { connectionString }))[0]?.steps, []);
});
