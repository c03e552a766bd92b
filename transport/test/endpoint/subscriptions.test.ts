import assert from "node:assert/strict";
import { test } from "node:test";
import type { EventStoreDBClient } from "@eventstore/db-client";
import { component, deploy, event, type EventDefinition, ProjectionRefused, prune } from "../../src/index.ts";
import { generateFilter, readFilter } from "../../src/topology/filter.ts";
import { filterName } from "../../src/topology/stream-names.ts";
import { type Bench, bench, published, read, until } from "./harness.ts";

/** The messages of one test. */
const messagesOf = ({ name }: Bench) => ({
  A: event(`${name("pub")}.A`)<{ n: number }>(),
  B: event(`${name("pub")}.B`)<{ n: number }>(),
});

async function deployedFilter(client: EventStoreDBClient, name: string): Promise<string> {
  const versions = await read(client, `$projections-${filterName(name)}`);
  return (versions.at(-1)!.event!.data as { query: string }).query;
}

const readerOf =
  ({ name }: Bench) =>
  (on: readonly EventDefinition<{ n: number }>[], from: "now" | "start", got: number[] = []) =>
    component(name("reader"), (c) => {
      for (const definition of on) c.handle(definition, (m) => void got.push(m.n), { from });
    });

test("deploy – is repeatable: the second time nothing is changed", async () => {
  await using b = await bench();
  const { A } = messagesOf(b);
  const reader = readerOf(b);
  const options = { connectionString: b.connectionString };
  const first = await deploy([reader([A], "now")], options);
  assert.deepEqual(
    first.steps.map(({ kind, name, action }) => [kind, name, action]),
    [
      ["group", `$ce-in.${b.name("reader")}::${b.name("reader")}`, "created"],
      ["projection", `sluice.filter.${b.name("reader")}`, "created"],
      ["projection", `sluice.router.${b.name("reader")}`, "created"],
    ],
  );
  await b.sender.publish(A, { n: 1 });
  const text = await deployedFilter(b.client, b.name("reader"));
  const second = await deploy([reader([A], "now")], options);
  assert.deepEqual(new Set(second.steps.map(({ action }) => action)), new Set(["unchanged"]));
  assert.equal(await deployedFilter(b.client, b.name("reader")), text, "its position stays");
});

test("deploy – several instances that start at once make one filter", async () => {
  await using b = await bench();
  const { A, B } = messagesOf(b);
  const reader = readerOf(b);
  const options = { connectionString: b.connectionString };
  await Promise.all([1, 2, 3].map(() => deploy([reader([A, B], "now")], options)));
  assert.deepEqual(
    [...readFilter(await deployedFilter(b.client, b.name("reader"))).keys()],
    [`${b.name("pub")}.A`, `${b.name("pub")}.B`],
  );
});

test("deploy – a projection that a person has stopped or aborted is reported and left alone", async () => {
  await using b = await bench();
  const { A, B } = messagesOf(b);
  const reader = readerOf(b);
  const options = { connectionString: b.connectionString };
  const name = filterName(b.name("reader"));
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
  assert.deepEqual(
    [...readFilter(await deployedFilter(b.client, b.name("reader"))).keys()],
    [`${b.name("pub")}.A`, `${b.name("pub")}.B`],
  );
  assert.equal(problems[0]!.why, "stopped", "what is added waits with the rest");
});

test("deploy – what was edited by hand, is somebody else's, or has faulted is refused and left as it is", async () => {
  await using b = await bench();
  const { A, B } = messagesOf(b);
  const reader = readerOf(b);
  const options = { connectionString: b.connectionString };
  const name = filterName(b.name("reader"));
  const refused = (why: string) => (error: unknown) =>
    error instanceof ProjectionRefused && error.why === why && error.message.endsWith(".");
  await deploy([reader([A], "now")], options);

  const edited = (await deployedFilter(b.client, b.name("reader"))).replace(/< \d+/, "< 0");
  await b.client.updateProjection(name, edited, { emitEnabled: true });
  await assert.rejects(deploy([reader([A, B], "now")], options), refused("edited"));
  assert.equal(await deployedFilter(b.client, b.name("reader")), edited);

  await b.client.updateProjection(name, 'fromStream("x").when({ $any() {} })', { emitEnabled: true });
  await assert.rejects(deploy([reader([A, B], "now")], options), refused("foreign"));

  await b.client.updateProjection(name, generateFilter(b.name("reader"), new Map([[`${b.name("pub")}.A`, 0]])).text, {
    emitEnabled: true,
  });
  await b.client.appendToStream(`in.${b.name("reader")}-subscriptions`, {
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
  const { A, B } = messagesOf(b);
  const reader = readerOf(b);
  const options = { connectionString: b.connectionString };
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
    assert.equal(steps.find(({ name }) => name === filterName(b.name("reader")))!.action, "updated");
  }
  flowing = false;
  await flow;
  const links = await until("all A have come", async () => {
    const events = await read(b.client, `in.${b.name("reader")}-subscriptions`);
    return events.filter(({ event }) => event!.type === `${b.name("pub")}.A`).length >= sent && events;
  });
  const numbers = (type: string) =>
    links.flatMap(({ event }) => (event!.type === type ? [(event!.data as { n: number }).n] : []));
  assert.deepEqual(
    numbers(`${b.name("pub")}.A`),
    Array.from({ length: sent }, (_, n) => n),
    "each once, in order",
  );
  const others = numbers(`${b.name("pub")}.B`);
  assert.ok(others.length < sent, "not while unsubscribed");
  assert.deepEqual(
    others,
    [...new Set(others)].toSorted((x, y) => y - x),
    "each once, in order",
  );
});

test("subscribe – 36. from start gets all history once, then goes on live without gap, also when subscribed later under traffic", async () => {
  await using b = await bench();
  const { A, B } = messagesOf(b);
  const reader = readerOf(b);
  const options = { connectionString: b.connectionString };
  await deploy([reader([A], "now")], options);
  let flowing = true;
  let sent = 0;
  const flow = (async () => {
    for (; flowing; sent += 1) await b.sender.publish(B, { n: sent });
  })();
  await until("there is history", () => sent > 30);
  const got: number[] = [];
  const both = component(b.name("reader"), (c) => {
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
  const { A } = messagesOf(b);
  const reader = readerOf(b);
  await b.sender.publish(A, { n: 1 });
  await published(b.client, A.type, 1);
  const got: number[] = [];
  const endpoint = await b.start(reader([A], "now", got));
  await b.sender.publish(A, { n: 2 });
  await until("it has come", () => got.length === 1);
  const before = (await read(b.client, `in.${b.name("reader")}-subscriptions`))[0]!.link!.revision;
  await b.client.resetProjection(filterName(b.name("reader")));
  await until("it is linked again", async () => {
    const [first] = await read(b.client, `in.${b.name("reader")}-subscriptions`);
    return first !== undefined && first.link!.revision > before;
  });
  await b.sender.publish(A, { n: 3 });
  await until("the next has come", () => got.includes(3));
  assert.deepEqual(got, [2, 3], "what came before comes again and is dropped by its id");
  assert.equal(endpoint.counts(b.name("reader")).duplicates, 1);
});
