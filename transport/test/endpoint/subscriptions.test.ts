import assert from "node:assert/strict";
import { test } from "node:test";
import type { EventStoreDBClient } from "@eventstore/db-client";
import { component, deploy, event, type EventDefinition, ProjectionRefused, prune } from "../../src/index.ts";
import { generateFilter, readFilter } from "../../src/topology/filter.ts";
import { filterName } from "../../src/topology/stream-names.ts";
import { bench, read, until } from "./harness.ts";

const A = event("pub.A")<{ n: number }>();
const B = event("pub.B")<{ n: number }>();

async function deployedFilter(client: EventStoreDBClient, name: string): Promise<string> {
  const versions = await read(client, `$projections-${filterName(name)}`);
  return (versions.at(-1)!.event!.data as { query: string }).query;
}

const reader = (on: readonly EventDefinition<{ n: number }>[], from: "now" | "start", got: number[] = []) =>
  component("reader", (c) => {
    for (const definition of on) c.handle(definition, (m) => void got.push(m.n), { from });
  });

test("deploy – is repeatable: the second time nothing is changed", async () => {
  await using b = await bench();
  const options = { connectionString: b.server.connectionString };
  const first = await deploy([reader([A], "now")], options);
  assert.deepEqual(
    first.steps.map(({ kind, name, action }) => [kind, name, action]),
    [
      ["group", "$ce-in.reader::reader", "created"],
      ["projection", "sluice.filter.reader", "created"],
      ["projection", "sluice.router.reader", "created"],
    ],
  );
  await b.sender.publish(A, { n: 1 });
  const text = await deployedFilter(b.client, "reader");
  const second = await deploy([reader([A], "now")], options);
  assert.deepEqual(new Set(second.steps.map(({ action }) => action)), new Set(["unchanged"]));
  assert.equal(await deployedFilter(b.client, "reader"), text, "its position stays");
});

test("deploy – several instances that start at once make one filter", async () => {
  await using b = await bench();
  const options = { connectionString: b.server.connectionString };
  await Promise.all([1, 2, 3].map(() => deploy([reader([A, B], "now")], options)));
  assert.deepEqual([...readFilter(await deployedFilter(b.client, "reader")).keys()], ["pub.A", "pub.B"]);
});

test("deploy – a projection that a person has stopped or aborted is reported and left alone", async () => {
  await using b = await bench();
  const options = { connectionString: b.server.connectionString };
  const name = filterName("reader");
  const state = async () => (await b.client.getProjectionStatus(name)).status;
  await deploy([reader([A], "start")], options);
  for (const halt of ["disableProjection", "abortProjection"] as const) {
    await b.client[halt](name);
    await until("it stands still", async () => /^(Stopped|Aborted)/.test(await state()));
    const { steps, problems } = await deploy([reader([A], "start")], options);
    assert.deepEqual(new Set(steps.map(({ action }) => action)), new Set(["unchanged"]));
    assert.deepEqual(
      problems.map(({ projection, why }) => [projection, why]),
      [[name, "stopped"]],
    );
    assert.match(await state(), /^(Stopped|Aborted)/);
    await b.client.enableProjection(name);
    await until("it runs", async () => (await state()) === "Running");
  }
  await b.client.abortProjection(name);
  await until("it is aborted", async () => (await state()).startsWith("Aborted"));
  await assert.rejects(
    deploy([reader([A, B], "start")], options),
    (error: unknown) => error instanceof ProjectionRefused && error.why === "aborted",
  );
  await b.client.enableProjection(name);
  await b.client.disableProjection(name);
  await until("it is stopped", async () => (await state()) === "Stopped");
  const { problems } = await deploy([reader([A, B], "start")], options);
  assert.deepEqual([...readFilter(await deployedFilter(b.client, "reader")).keys()], ["pub.A", "pub.B"]);
  assert.equal(problems[0]!.why, "stopped", "what is added waits with the rest");
});

test("deploy – what was edited by hand, is somebody else's, or has faulted is refused and left as it is", async () => {
  await using b = await bench();
  const options = { connectionString: b.server.connectionString };
  const name = filterName("reader");
  const refused = (why: string) => (error: unknown) =>
    error instanceof ProjectionRefused && error.why === why && error.message.endsWith(".");
  await deploy([reader([A], "now")], options);

  const edited = (await deployedFilter(b.client, "reader")).replace(/< \d+/, "< 0");
  await b.client.updateProjection(name, edited, { emitEnabled: true });
  await assert.rejects(deploy([reader([A, B], "now")], options), refused("edited"));
  assert.equal(await deployedFilter(b.client, "reader"), edited);

  await b.client.updateProjection(name, 'fromStream("x").when({ $any() {} })', { emitEnabled: true });
  await assert.rejects(deploy([reader([A, B], "now")], options), refused("foreign"));

  await b.client.updateProjection(name, generateFilter("reader", new Map([["pub.A", 0]])).text, { emitEnabled: true });
  await b.client.appendToStream("in.reader-subscriptions", {
    id: crypto.randomUUID(),
    type: "foreign",
    contentType: "application/json",
    data: {},
    metadata: undefined,
  });
  await b.sender.publish(A, { n: 1 });
  await until("it faults", async () => (await b.client.getProjectionStatus(name)).status.startsWith("Faulted"));
  await assert.rejects(deploy([reader([A, B], "now")], options), refused("faulted"));
});

test("subscribe – 35. subscribed while traffic flows: no event of other types is lost or repeated; 34. unsubscribed: the others go on", async () => {
  await using b = await bench();
  const options = { connectionString: b.server.connectionString };
  const got: number[] = [];
  await b.start(reader([A], "now", got));
  let flowing = true;
  let sent = 0;
  const flow = (async () => {
    for (; flowing; sent += 1) {
      await b.sender.publish(A, { n: sent });
      await b.sender.publish(B, { n: -sent });
    }
  })();
  for (let round = 0; round < 6; round += 1) {
    const wanted = round % 2 ? [A] : [A, B];
    const { steps } = await (round % 2 ? prune : deploy)([reader(wanted, "now")], options);
    assert.equal(steps.find(({ name }) => name === filterName("reader"))!.action, "updated");
  }
  flowing = false;
  await flow;
  const links = await until("all A have come", async () => {
    const events = await read(b.client, "in.reader-subscriptions");
    return events.filter(({ event }) => event!.type === "pub.A").length >= sent && events;
  });
  const numbers = (type: string) =>
    links.flatMap(({ event }) => (event!.type === type ? [(event!.data as { n: number }).n] : []));
  assert.deepEqual(
    numbers("pub.A"),
    Array.from({ length: sent }, (_, n) => n),
    "each once, in order",
  );
  const others = numbers("pub.B");
  assert.ok(others.length < sent, "not while unsubscribed");
  assert.deepEqual(
    others,
    [...new Set(others)].toSorted((x, y) => y - x),
    "each once, in order",
  );
});

test("subscribe – 36. from start gets all history once, then goes on live without gap, also when subscribed later under traffic", async () => {
  await using b = await bench();
  const options = { connectionString: b.server.connectionString };
  await deploy([reader([A], "now")], options);
  let flowing = true;
  let sent = 0;
  const flow = (async () => {
    for (; flowing; sent += 1) await b.sender.publish(B, { n: sent });
  })();
  await until("there is history", () => sent > 30);
  const got: number[] = [];
  const both = component("reader", (c) => {
    c.handle(A, () => {});
    c.handle(B, (m) => void got.push(m.n), { from: "start" });
  });
  await b.start(both);
  await until("more has come", () => sent > 60);
  flowing = false;
  await flow;
  await until("all have come", () => got.length >= sent);
  assert.deepEqual(
    got.toSorted((x, y) => x - y),
    Array.from({ length: sent }, (_, n) => n),
  );
});

test("subscribe – 37. from now gets none of the history, also after a reset of the filter", async () => {
  await using b = await bench();
  await b.sender.publish(A, { n: 1 });
  await until("it is published", async () => (await read(b.client, "$ce-out")).length === 1);
  const got: number[] = [];
  const endpoint = await b.start(reader([A], "now", got));
  await b.sender.publish(A, { n: 2 });
  await until("it has come", () => got.length === 1);
  const before = (await read(b.client, "in.reader-subscriptions"))[0]!.link!.revision;
  await b.client.resetProjection(filterName("reader"));
  await until("it is linked again", async () => {
    const [first] = await read(b.client, "in.reader-subscriptions");
    return first !== undefined && first.link!.revision > before;
  });
  await b.sender.publish(A, { n: 3 });
  await until("the next has come", () => got.includes(3));
  assert.deepEqual(got, [2, 3], "what came before comes again and is dropped by its id");
  assert.equal(endpoint.counts("reader").duplicates, 1);
});
