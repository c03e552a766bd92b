import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { WriteFailedError } from "../../../src/log/errors.ts";
import { ProjectionFault, type CompileHandler } from "../../../src/projections/handler.ts";
import {
  ProjectionExistsError,
  ProjectionNeverRanError,
  ProjectionNotFoundError,
  ProjectionOperationError,
  ProjectionsNotRunningError,
  TrackingWithoutEmittingError,
} from "../../../src/projections/management/errors.ts";
import { Projections, type NewProjection } from "../../../src/projections/management/projections.ts";
import { EventStore } from "../../../src/streams/event-store.ts";
import { refusingStorage } from "../../log/refusing-storage.ts";
import { foldHandler, out, type Fold } from "./fold-handler.ts";
import { crashingStore } from "./crashing-store.ts";
import { jsonRecord, lines, newId, openStore, send, textOf } from "./test-store.ts";
import { until } from "../../until.ts";

const queries: Readonly<Record<string, Fold>> = {
  count: { definition: { streams: ["source"] } },
  copy: { definition: { streams: ["source"] }, emit: (n) => [out("target", n)] },
  "copy two": { definition: { streams: ["source"] }, emit: (n) => [out("target-1", n), out("target-2", n)] },
  merge: { definition: { streams: ["source", "second"] }, emit: (n) => [out("target", n)] },
  all: { definition: { allStreams: true }, emit: () => [] },
  results: { definition: { streams: ["source"], producesResults: true, definesStateTransform: true } },
};

const compile: CompileHandler = async (query) => {
  const fold = queries[query];
  if (fold === undefined) throw new ProjectionFault(`${query} is not defined`);
  return foldHandler(fold);
};

const open: { readonly store: EventStore; readonly running: Set<Projections> }[] = [];
afterEach(async () => {
  for (const { store, running } of open.splice(0)) {
    for (const projections of running) await projections.stop();
    await store.close();
  }
});

async function server(settings = {}, { now = Date.now, store = openStore() } = {}) {
  const running = new Set<Projections>();
  open.push({ store, running });
  const faults: string[] = [];
  const start = async (over: EventStore = store) => {
    const projections = new Projections({
      store: over,
      compile,
      newId,
      now,
      settings,
      onFault: (name, reason) => faults.push(`${name}: ${reason}`),
    });
    if (over === store) running.add(projections);
    await projections.start();
    return projections;
  };
  const projections = await start();
  const stop = async (which: Projections) => {
    running.delete(which);
    await which.stop();
  };
  return { store, projections, faults, start, stop };
}

const continuous = (name: string, query: string, more: Partial<NewProjection> = {}): NewProjection => ({
  name,
  mode: "Continuous",
  query,
  emitEnabled: true,
  trackEmittedStreams: false,
  ...more,
});

const NO_FLAGS = { checkpointStream: false, stateStream: false, emittedStreams: false };
const statusOf = (projections: Projections, name: string) => projections.statistics(name).status;
const at = (projections: Projections, name: string, position: string) =>
  until(`${name} is at ${position}`, () => {
    const { status, position: now, writesInProgress } = projections.statistics(name);
    return status === "Running" && now === position && writesInProgress === 0;
  });

test("a new store – registers the five system projections first and runs them", async () => {
  const { store, projections } = await server();
  const system = ["$streams", "$stream_by_category", "$by_category", "$by_event_type", "$by_correlation_id"];
  assert.deepEqual(lines(store, "$projections-$all"), [
    "0 $ProjectionsInitialized ",
    ...system.map((name, i) => `${i + 1} $ProjectionCreated ${name}`),
  ]);
  await until("they run", () => projections.list("Continuous").every(({ status }) => status === "Running"));
  for (const name of system)
    assert.deepEqual(projections.statistics(name).version, { id: system.indexOf(name) + 1, epoch: -1, version: 1 });
});

test("a store that was used – runs on what it was running, from the checkpoints of an orderly stop", async () => {
  const { store, projections, start, stop } = await server();
  await send(store, "source", 0, 1);
  await projections.create(continuous("p", "copy"));
  await projections.create(continuous("off", "count"));
  await at(projections, "p", "source: 1");
  await projections.disable("off", true);
  await stop(projections);
  assert.equal(lines(store, "$projections-p-checkpoint").length, 1);
  const again = await start();
  assert.equal(again.list().length, 7);
  await at(again, "p", "source: 1");
  assert.equal(again.statistics("p").eventsProcessedAfterRestart, 0);
  assert.equal(again.state("p", ""), '["0","1"]');
  await until("the other is stopped", () => statusOf(again, "off") === "Stopped");
  assert.deepEqual(lines(store, "target"), ['0 Out {"n":0}', '1 Out {"n":1}']);
});

test("creating – cut off by a crash between its two parts leaves the name free", async () => {
  const { store, projections, start, stop } = await server();
  await stop(projections);
  const { store: doomed, crashed, kill } = crashingStore(store, 1, true);
  const crashing = await start(doomed);
  void crashing.create(continuous("p", "count"));
  await crashed;
  kill();
  assert.equal(lines(store, "$projections-p").length, 0);
  const again = await start();
  await again.create(continuous("p", "count"));
  await until("it runs", () => statusOf(again, "p") === "Running");
});

test("deleting – cut off by a crash between its two parts is completed at the next start", async () => {
  const { store, projections, start, stop } = await server();
  await projections.create(continuous("p", "count"));
  await projections.disable("p", true);
  await stop(projections);
  const { store: doomed, crashed, kill } = crashingStore(store, 1, true);
  const crashing = await start(doomed);
  await until("it is stopped", () => statusOf(crashing, "p") === "Stopped");
  void crashing.delete("p", NO_FLAGS);
  await crashed;
  kill();
  const again = await start();
  assert.throws(() => again.statistics("p"), ProjectionNotFoundError);
  assert.equal(lines(store, "$projections-$all").at(-1), "7 $ProjectionDeleted p");
});

test("commands – on what is not there, or cannot be done, are refused", async () => {
  const { projections } = await server();
  await projections.create(continuous("p", "count"));
  await assert.rejects(projections.create(continuous("p", "copy")), ProjectionExistsError);
  await assert.rejects(projections.create(continuous("", "copy")), ProjectionOperationError);
  await assert.rejects(
    projections.create(continuous("q", "count", { emitEnabled: false, trackEmittedStreams: true })),
    TrackingWithoutEmittingError,
  );
  assert.throws(() => projections.enable("missing"), ProjectionNotFoundError);
  await assert.rejects(projections.delete("p", NO_FLAGS), ProjectionOperationError, "it runs");
  await projections.disable("p", false);
  await assert.rejects(projections.delete("p", NO_FLAGS), ProjectionOperationError, "it was aborted");
  await projections.disable("$streams", true);
  await assert.rejects(projections.delete("$streams", NO_FLAGS), ProjectionOperationError, "it is the system's");
});

test("commands – are refused once the projections are stopped", async () => {
  const { projections, stop } = await server();
  await stop(projections);
  assert.throws(() => projections.list(), ProjectionsNotRunningError);
  await assert.rejects(projections.restart(), ProjectionsNotRunningError);
});

test("creating twice at once – only one gets the name", async () => {
  const { projections } = await server();
  const answers = await Promise.allSettled([1, 2, 3].map(() => projections.create(continuous("p", "count"))));
  assert.deepEqual(
    answers.map(({ status }) => status),
    ["fulfilled", "rejected", "rejected"],
  );
});

test("a query that never compiled – has no status, tells its reason once, and is repaired by an update", async () => {
  const { projections, faults } = await server();
  await projections.create(continuous("p", "oops"));
  assert.throws(() => projections.statistics("p"), ProjectionNeverRanError);
  assert.throws(() => projections.list(), ProjectionNeverRanError, "the real server's list fails for everybody, too");
  assert.equal(projections.state("p", ""), undefined);
  assert.deepEqual(faults, ["p: oops is not defined"]);
  await projections.update("p", "count", false);
  assert.equal(statusOf(projections, "p"), "Running");
});

test("a handler that throws – keeps what it did before, and says where it stopped", async () => {
  const { store, projections, faults } = await server();
  await send(store, "source", 0, 1, -1, 3);
  await projections.create(continuous("p", "copy"));
  await until("it has faulted", () => statusOf(projections, "p") === "Faulted (Enabled)");
  const { position, lastCheckpoint, stateReason } = projections.statistics("p");
  assert.deepEqual([position, lastCheckpoint], ["source: 1", "source: 1"]);
  assert.match(
    stateReason,
    /^The p projection failed to process an event\.\r\n.*\r\nEvent Position: source: 2\r\n\r\nMessage:\r\n\r\n-1 is negative$/,
  );
  assert.deepEqual(faults, [`p: ${stateReason}`]);
  assert.equal(projections.state("p", ""), '["0","1"]');
  assert.equal(lines(store, "target").length, 2);
});

test("checkpoints – are due after so many handled events", async () => {
  const { store, projections } = await server({ checkpointHandledThreshold: 10 });
  await projections.create(continuous("p", "copy"));
  await send(store, "source", ...Array.from({ length: 25 }, (_, i) => i));
  await at(projections, "p", "source: 24");
  assert.equal(projections.statistics("p").lastCheckpoint, "source: 19");
  assert.equal(lines(store, "target").length, 25);
});

test("checkpoints – of what handled nothing new are not written", async () => {
  const { store, projections } = await server();
  await projections.create(continuous("p", "count"));
  await projections.disable("p", true);
  assert.deepEqual(lines(store, "$projections-p-checkpoint"), []);
  await projections.enable("p");
  await send(store, "source", 0);
  await at(projections, "p", "source: 0");
  for (let i = 0; i < 2; i++) {
    await projections.disable("p", true);
    await projections.enable("p");
  }
  assert.deepEqual(lines(store, "$projections-p-checkpoint"), ['0 $ProjectionCheckpoint [["0"],["0"]]']);
});

test("checkpoints – from before a reset, or of an earlier projection of that name, are not used", async () => {
  const { store, projections } = await server();
  await send(store, "source", 0, 1);
  await projections.create(continuous("p", "count"));
  await at(projections, "p", "source: 1");
  await projections.disable("p", true);
  await projections.reset("p");
  const { position, lastCheckpoint, status } = projections.statistics("p");
  assert.deepEqual([position, lastCheckpoint, status], ["source: -1", "source: -1", "Stopped"]);
  assert.equal(projections.state("p", ""), null);
  await projections.delete("p", NO_FLAGS);
  await projections.create(continuous("p", "count"));
  await at(projections, "p", "source: 1");
  assert.equal(projections.statistics("p").lastCheckpoint, "source: -1");
  assert.equal(projections.statistics("p").eventsProcessedAfterRestart, 2);
});

test("foreign events – in the output make it begin again, and then a fault", async () => {
  const { store, projections } = await server();
  await projections.create(continuous("p", "copy"));
  await send(store, "source", 0);
  await at(projections, "p", "source: 0");
  await until("it is written", () => lines(store, "target").length === 1);
  await store.append("target", "any", [jsonRecord("Foreign", {})]);
  await send(store, "source", 1);
  await until("it has faulted", () => statusOf(projections, "p") === "Faulted (Enabled)");
  assert.match(projections.statistics("p").stateReason, /has been written to from the outside\.$/);
});

test("an update that does not compile – is a fault that stays when it is disabled, and keeps the state", async () => {
  const { store, projections } = await server();
  await send(store, "source", 0);
  await projections.create(continuous("p", "count"));
  await at(projections, "p", "source: 0");
  await projections.update("p", "oops", true);
  assert.deepEqual(
    [statusOf(projections, "p"), projections.statistics("p").stateReason],
    ["Faulted/Stopped (Enabled)", "oops is not defined"],
  );
  await projections.disable("p", true);
  assert.equal(statusOf(projections, "p"), "Faulted/Stopped");
  await projections.update("p", "count", true);
  await projections.enable("p");
  assert.equal(projections.state("p", ""), '["0"]');
});

test("several streams – nothing is emitted before its event is noted", async () => {
  const { store, projections } = await server();
  await projections.create(continuous("p", "merge"));
  for (const n of [0, 1, 2]) await send(store, n === 1 ? "second" : "source", n);
  await until("all is emitted", () => lines(store, "target").length === 3);
  const all = store.readAll({ from: 0, direction: "forwards", maxCount: 1000 }).records;
  const placesIn = (stream: string) => all.filter((one) => one.stream === stream).map(({ position }) => position);
  const notes = placesIn("$projections-p-order");
  assert.equal(notes.length, 3);
  for (const [i, place] of placesIn("target").entries()) assert.ok(place > (notes[i] ?? Infinity));
});

test("a disk that refuses – holds projections up, and nothing more", async () => {
  const { storage, disk } = refusingStorage("memory");
  const { store, stop, projections, faults } = await server(
    { checkpointHandledThreshold: 2 },
    { store: EventStore.on(storage, { now: Date.now, newId }) },
  );
  await projections.create(continuous("p", "copy two", { trackEmittedStreams: true }));
  await send(store, "source", 0, 1);
  await until("they are copied", () => lines(store, "target-2").length === 2);
  disk.refusesNext = Infinity;
  await assert.rejects(send(store, "source", 2), WriteFailedError);
  assert.equal(statusOf(projections, "p"), "Running");
  disk.refusesNext = 0;
  await send(store, "source", 3);
  await until("it has gone on", () => lines(store, "target-2").length === 3);
  assert.deepEqual(
    lines(store, "target-1").map((line) => JSON.parse(line.slice(line.indexOf("{")))),
    [0, 1, 3].map((n) => ({ n })),
  );
  assert.deepEqual([faults, statusOf(projections, "p")], [[], "Running"]);
  assert.equal(lines(store, "$projections-p-emittedstreams").length, 2);
  disk.refusesNext = Infinity;
  await assert.rejects(send(store, "source", 4), WriteFailedError);
  await stop(projections);
  assert.equal(lines(store, "target-1").length, 3);
});

test("stopping the server – does not wait for what is stuck", async () => {
  const { store, projections, stop } = await server();
  await store.append("target", "any", [{ ...jsonRecord("Foreign", {}), metadata: Buffer.from("no json") }]);
  await send(store, "source", 0);
  await projections.create(continuous("p", "copy"));
  await until("the write is pending", () => projections.statistics("p").writePendingEventsAfterCheckpoint === 1);
  await stop(projections);
  assert.deepEqual(lines(store, "$projections-p-checkpoint"), []);
});

test("a command that hangs – is overtaken by an abort", async () => {
  const { store, projections } = await server();
  await store.append("target", "any", [{ ...jsonRecord("Foreign", {}), metadata: Buffer.from("no json") }]);
  await send(store, "source", 0);
  await projections.create(continuous("p", "copy"));
  await until("the write is pending", () => projections.statistics("p").writePendingEventsAfterCheckpoint === 1);
  const disabled = projections.disable("p", true);
  const refused = assert.rejects(disabled, { message: "Aborted by subsequent operation" });
  await until("it is stopping", () => statusOf(projections, "p") === "Stopping");
  await projections.disable("p", false);
  await refused;
  assert.equal(statusOf(projections, "p"), "Aborted/Stopped");
});

test("one-time and transient projections – read to the end and are completed, without checkpoints", async () => {
  const { store, projections } = await server();
  await send(store, "source", 0, 1, 2);
  for (const mode of ["OneTime", "Transient"] as const) {
    await projections.create(continuous(mode, "count", { mode, emitEnabled: false }));
    await until("it is completed", () => statusOf(projections, mode) === "Completed/Stopped/Writing results");
    assert.equal(projections.state(mode, ""), '["0","1","2"]');
    assert.equal(projections.list(mode).length, 1);
    assert.deepEqual(lines(store, `$projections-${mode}-checkpoint`), []);
  }
  assert.equal(lines(store, "$projections-Transient").length, 0, "a transient one is stored nowhere");
});

test("restarting – goes on from what is stored; transient ones are gone", async () => {
  const { store, projections } = await server();
  await send(store, "source", 0);
  await projections.create(continuous("p", "copy"));
  await projections.create(continuous("t", "count", { mode: "Transient", emitEnabled: false }));
  await at(projections, "p", "source: 0");
  await projections.restart();
  await at(projections, "p", "source: 0");
  assert.throws(() => projections.statistics("t"), ProjectionNotFoundError);
  assert.equal(projections.statistics("p").lastCheckpoint, "source: -1", "a restart writes no checkpoints");
  assert.deepEqual(lines(store, "target"), ['0 Out {"n":0}']);
});

test("tracking – notes each output once, and deletes them all with the projection", async () => {
  const { store, projections } = await server();
  await send(store, "source", 0, 1);
  await projections.create(continuous("p", "copy two", { trackEmittedStreams: true }));
  await at(projections, "p", "source: 1");
  await projections.disable("p", true);
  await projections.enable("p");
  await send(store, "source", 2);
  await at(projections, "p", "source: 2");
  assert.deepEqual(lines(store, "$projections-p-emittedstreams"), [
    "0 $StreamTracked target-1",
    "1 $StreamTracked target-2",
  ]);
  await projections.disable("p", true);
  await projections.delete("p", { checkpointStream: true, stateStream: true, emittedStreams: true });
  for (const stream of ["target-1", "target-2", "$projections-p-emittedstreams", "$projections-p-checkpoint"]) {
    assert.deepEqual(lines(store, stream), [], stream);
  }
});

test("results – are written when they change, and transformed", async () => {
  const { store, projections } = await server();
  await send(store, "source", 5, 6);
  await projections.create(continuous("p", "results"));
  await at(projections, "p", "source: 1");
  assert.deepEqual(lines(store, "$projections-p-result"), ["0 Result 1", "1 Result 2"]);
  assert.deepEqual([projections.state("p", ""), projections.result("p", "")], ['["5","6"]', "2"]);
});

test("idle projections – cost nothing for events of other streams", async () => {
  const { store, projections } = await server();
  for (let i = 0; i < 20; i++) await projections.create(continuous(`p${i}`, "count"));
  const before = projections.statistics("p0").coreProcessingTime;
  await send(store, "elsewhere", ...Array.from({ length: 500 }, (_, i) => i));
  await until("the system has seen it", () => lines(store, "$et-T").length >= 500);
  assert.equal(projections.statistics("p0").coreProcessingTime, before);
  assert.equal(projections.statistics("p0").eventsProcessedAfterRestart, 0);
});

test("several streams – what was handled before a crash is handled again in the same order", async () => {
  const { store, projections, start, stop } = await server();
  await projections.create(continuous("p", "merge"));
  await send(store, "source", 0);
  await send(store, "second", 1);
  await until("both are merged", () => lines(store, "target").length === 2);
  const noted = lines(store, "$projections-p-order");
  assert.deepEqual(noted, ["0 $> 0@source", "1 $> 0@second"]);
  await projections.disable("p", false);
  await stop(projections);
  const again = await start();
  await send(store, "second", 2);
  await again.enable("p");
  await until("the third is merged", () => lines(store, "target").length === 3);
  assert.equal(again.state("p", ""), '["0","1","2"]');
  assert.equal(lines(store, "$projections-p-order").length, 3);
});

test("several streams – shows where it began to whoever asks at once, whatever it has handled since", async () => {
  let now = 0;
  const { store, projections } = await server({}, { now: () => now });
  await send(store, "source", 0);
  await send(store, "second", 1);
  await projections.create(continuous("p", "merge"));
  await until("both are merged", () => lines(store, "target").length === 2);
  assert.equal(projections.statistics("p").position, "source: -1; second: -1; ");
  now = 250;
  await at(projections, "p", "source: 0; second: 0; ");
});

test("documents – say what a projection is, with one version for each", async () => {
  const { store, projections } = await server();
  await projections.create(continuous("p", "count"));
  await projections.update("p", "copy", true);
  await projections.reset("p");
  await projections.disable("p", true);
  const page = store.readStream({ stream: "$projections-p", from: 0, direction: "forwards", maxCount: 10 });
  assert.ok(page.outcome === "read");
  const documents = page.records.map(({ data }) => JSON.parse(textOf(data)) as Record<string, unknown>);
  assert.deepEqual(
    documents.map(({ version, epoch, query, enabled }) => [version, epoch, query, enabled]),
    [
      [0, -1, "count", true],
      [1, -1, "copy", true],
      [2, 2, "copy", true],
      [3, 2, "copy", undefined],
    ],
  );
});

test("management – a projection whose name makes its stream one that others keep something in is there after a restart", async () => {
  const { store, projections, start, stop } = await server();
  await send(store, "source", 1, 2);
  for (const name of ["$all", "count-checkpoint", "count"]) await projections.create(continuous(name, "count"));
  await at(projections, "count", "source: 1");
  await projections.disable("count", true);
  await projections.enable("count");
  await stop(projections);
  const again = await start();
  for (const name of ["$all", "count-checkpoint", "count"]) {
    await at(again, name, "source: 1");
    assert.equal(statusOf(again, name), "Running", name);
  }
});

test("creating – one that is aborted meanwhile is there, aborted, now and after a restart", async () => {
  const { store, projections, start, stop } = await server();
  const created = projections.create(continuous("p", "count"));
  await Promise.all([assert.rejects(created, ProjectionOperationError), projections.disable("p", false)]);
  assert.equal(statusOf(projections, "p"), "Aborted/Stopped");
  await assert.rejects(projections.create(continuous("p", "count")), ProjectionExistsError);
  await stop(projections);
  const again = await start();
  await until("it is stopped", () => statusOf(again, "p") === "Stopped");
  await send(store, "source", 1);
  await again.enable("p");
  await at(again, "p", "source: 0");
});
