import assert from "node:assert/strict";
import { test } from "node:test";
import { startEmbedded } from "@sluice/embedded";
import { aggregate, command, component, deploy, event, retire, shapeOf } from "../../src/index.ts";
import { NotDeployed, openDeployments } from "../../src/endpoint/published-deploy.ts";
import { createUser } from "../endpoint/create-user.ts";
import { onOwnServer } from "../server-under-test.ts";
import { type Bench, bench, until } from "../endpoint/harness.ts";

/** A component with an outbox, a category and a subscription. */
function billing({ name }: Bench) {
  const Charge = command(`${name("billing")}.Charge`, { to: name("billing") })<{ id: string }>();
  const Charged = event(`${name("billing")}.Charged`)<{ id: string }>();
  const OrderPlaced = event(`${name("sales")}.OrderPlaced`)<{ id: string }>();
  const charge = aggregate(name("charge"), {}, { events: [Charged] }, (a) => {
    a.decide(
      Charge,
      (m) => m.id,
      (_, m) => [Charged(m)],
    );
    a.evolve(Charged, (state) => state);
  });
  return {
    Charge,
    component: component(name("billing"), (c) => {
      c.aggregate(charge);
      c.handle(OrderPlaced, () => {});
    }),
  };
}

test("observe – what is deployed, with its projections, queue, and what does not run; a category's router is its component's", async () => {
  await using b = await bench();
  const { connectionString, name } = b;
  const { Charge, component: declared } = billing(b);
  const shape = shapeOf(declared);
  const deployments = openDeployments({ connectionString });
  try {
    const before = await deployments.observe([shape.name]);
    const [missing] = before.components.filter(({ name: of }) => of === shape.name);
    assert.equal(missing?.deployed, undefined);
    assert.equal(missing?.group, undefined);
    assert.deepEqual(missing?.projections, []);

    const report = await deployments.deploy([shape]);
    assert.ok(report.steps.every(({ action }) => action === "created"));
    assert.deepEqual((await deployments.plan([shape]))[0]?.steps, []);

    await b.sender.send(Charge, { id: "1" });
    await until("it waits", async () => {
      const { components } = await deployments.observe();
      return components.some(({ name: of, group }) => of === shape.name && group?.lastKnown === 0n);
    });
    const seen = await deployments.observe();
    assert.equal(seen.seesGroups, true);
    assert.ok(seen.statuses?.has(`sluice.router.${name("charge")}`));
    const own = seen.components.filter(({ name: of }) => of === shape.name || of === name("charge"));
    assert.deepEqual(
      own.map(({ name: of }) => of),
      [shape.name],
    );
    const [found] = own;
    assert.deepEqual(
      found!.projections.map(({ name: of, kind, owner, status, isSuperseded }) => [
        of,
        kind,
        owner,
        status?.state,
        isSuperseded,
      ]),
      [
        [`sluice.router.${shape.name}`, "router", shape.name, "running", false],
        [`sluice.router.${name("charge")}`, "category router", name("charge"), "running", false],
        [`sluice.filter.${shape.name}`, "filter", shape.name, "running", false],
      ],
    );
    assert.deepEqual(found!.problems, []);
    assert.ok(found!.oldestWaiting instanceof Date);
    assert.equal(found!.group?.checkpoint, undefined);

    await b.client.disableProjection(`sluice.filter.${shape.name}`);
    await until("it stands still", async () => {
      const { components } = await deployments.observe();
      return components.some(({ problems }) => problems.some(({ why }) => why === "stopped"));
    });
  } finally {
    await deployments.close();
  }
});

test("observe – one that was retired is there only where it is asked for, with nothing deployed", async () => {
  await using b = await bench();
  const { connectionString } = b;
  const { component: declared } = billing(b);
  await deploy([declared], { connectionString });
  await retire(declared.name, { connectionString });
  const deployments = openDeployments({ connectionString });
  try {
    const all = await deployments.observe();
    assert.deepEqual(
      all.components.filter(({ name: of }) => of === declared.name),
      [],
    );
    const [retired] = (await deployments.observe([declared.name])).components;
    assert.equal(retired?.deployed?.group, undefined);
    assert.deepEqual(retired?.projections, []);
    const [last] = await deployments.history(declared.name);
    assert.equal(last?.change.kind, "retire");
  } finally {
    await deployments.close();
  }
});

test(
  "observe – what a login may not read is told as not known, and all else is seen",
  onOwnServer("makes users"),
  async (t) => {
    const server = await startEmbedded({ memory: true, port: 0, tls: true });
    t.after(() => server.stop());
    const as = (login: string): string => server.connectionString.replace("esdb://", `esdb://${login}:changeit@`);
    await createUser(as("admin"), "worker");
    const declared = component("work", () => {});
    await deploy([declared], { connectionString: as("admin") });
    const deployments = openDeployments({ connectionString: as("worker") });
    t.after(() => deployments.close());
    const { components, statuses, seesGroups } = await deployments.observe(["work"]);
    assert.equal(seesGroups, true);
    assert.equal(statuses?.get("sluice.router.work")?.state, "running");
    const [work] = components;
    assert.equal(work?.name, "work");
    assert.ok(work.deployed?.group !== undefined);
    assert.deepEqual(work.problems, []);
    assert.equal(work.seesTexts, false);
    await assert.rejects(deployments.repair("nobody"), NotDeployed);
  },
);
