import assert from "node:assert/strict";
import { test } from "node:test";
import type { ProjectionDetails } from "@eventstore/db-client";
import {
  all,
  type Client,
  completeness,
  connected,
  counted,
  countedUpTo,
  numbersOf,
  type OfficialClient,
} from "./official-client.ts";
import { until } from "../until.ts";

const COUNTING = `fromStream("s").when({
  $init: () => ({ count: 0 }),
  Counted: (state) => { state.count++; },
}).transformBy((state) => ({ total: state.count })).outputState()`;
const COPYING = `fromStream("s").when({ Counted: (state, event) => { linkTo("copy", event); } })`;

/** Every call on projections. */
export function projectionTests(of: OfficialClient): void {
  const has = async (client: Client, name: string, wanted: (details: ProjectionDetails) => boolean) =>
    until(`${name} is as wanted`, async () => wanted(await client.getProjectionStatus(name)));

  test("projections – created, run, shown with state and result", async (t) => {
    const { client } = await connected(t, of);
    await client.appendToStream("s", countedUpTo(of, 5));
    await client.createProjection("counting", COUNTING);
    await until(
      "all are counted",
      async () => (await client.getProjectionState<{ count?: number }>("counting")).count === 5,
    );
    assert.deepEqual(await client.getProjectionResult("counting"), { total: 5 });
    // The position shown is the one up to which all output is written; the state is ahead of it.
    await has(client, "counting", ({ position }) => position === "s: 4");
    const details = await client.getProjectionStatus("counting");
    assert.deepEqual(
      [details.name, details.projectionStatus, details.progress, details.eventsProcessedAfterRestart],
      ["counting", "Running", 100, 5n],
    );
    const names = (await client.listProjections()).map(({ name }) => name);
    assert.ok(names.includes("counting") && names.includes("$by_category"), names.join());
    await assert.rejects(client.createProjection("counting", COUNTING), { name: "Error", message: /Conflict/ });
    await assert.rejects(client.getProjectionStatus("missing"), { message: /NotFound/ });
  });

  test("projections – by partition, each with a state of its own", async (t) => {
    const { client } = await connected(t, of);
    await client.appendToStream("s", countedUpTo(of, 5));
    const query = COUNTING.replace(".when", ".partitionBy((event) => event.body.n % 2 ? 'odd' : 'even').when");
    await client.createProjection("counting", query);
    const count = async (partition: string) =>
      (await client.getProjectionState<{ count?: number }>("counting", { partition })).count;
    await until("all are counted", async () => (await count("even")) === 3 && (await count("odd")) === 2);
    assert.deepEqual(await client.getProjectionResult("counting", { partition: "odd" }), { total: 2 });
  });

  test("projections – disabled, enabled, aborted, updated, reset, and deleted with what it wrote", async (t) => {
    const { client } = await connected(t, of);
    await client.appendToStream("s", countedUpTo(of, 3));
    await client.createProjection("copying", COPYING, { emitEnabled: true, trackEmittedStreams: true });
    const copied = async () => {
      const events = await all(client.readStream("copy", { resolveLinkTos: true })).catch(() => []);
      return numbersOf(events);
    };
    await until("all are copied", async () => (await copied()).length === 3);
    await client.disableProjection("copying");
    await has(client, "copying", ({ projectionStatus }) => projectionStatus === "Stopped");
    await client.appendToStream("s", counted(of, 3));
    await client.enableProjection("copying");
    await until("the new one is copied", async () => (await copied()).length === 4);
    await client.abortProjection("copying");
    await has(client, "copying", ({ projectionStatus }) => projectionStatus === "Aborted");
    await client.enableProjection("copying");
    await has(client, "copying", ({ projectionStatus }) => projectionStatus === "Running");
    await client.updateProjection("copying", `${COPYING} // as before`, { emitEnabled: true });
    await client.appendToStream("s", counted(of, 4));
    await until("the updated one goes on", async () => (await copied()).length === 5);
    await client.resetProjection("copying");
    await until("it was reset", async () => (await client.getProjectionStatus("copying")).epoch > 0n);
    await until("all are copied anew", async () => (await copied()).join() === "0,1,2,3,4");
    await client.disableProjection("copying");
    await client.deleteProjection("copying", {
      deleteEmittedStreams: true,
      deleteCheckpointStream: true,
      deleteStateStream: true,
    });
    await until("it is gone, and so are its streams", async () => {
      const names = (await client.listProjections()).map(({ name }) => name);
      return !names.includes("copying") && (await copied()).length === 0;
    });
  });

  test("projections – a faulted one says why; a restart of the subsystem keeps the others running", async (t) => {
    const { client } = await connected(t, of);
    await client.appendToStream("s", countedUpTo(of, 2));
    await client.createProjection("failing", `fromStream("s").when({ Counted() { throw new Error("on purpose"); } })`);
    await has(client, "failing", ({ projectionStatus }) => projectionStatus.startsWith("Faulted"));
    assert.match((await client.getProjectionStatus("failing")).stateReason, /on purpose/);
    await client.createProjection("counting", COUNTING);
    await has(client, "counting", ({ projectionStatus }) => projectionStatus === "Running");
    await client.restartSubsystem();
    await client.appendToStream("s", counted(of, 2));
    await until("counting goes on", async () => {
      const state = await client.getProjectionState<{ count?: number }>("counting").catch(() => undefined);
      return state?.count === 3;
    });
  });

  completeness(of, "projections", (name) => /[Pp]rojection|restartSubsystem/.test(name));
}
