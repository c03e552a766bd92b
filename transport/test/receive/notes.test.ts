import assert from "node:assert/strict";
import { test } from "node:test";
import { Notes } from "../../src/receive/notes.ts";
import { SYSTEM_ENVIRONMENT } from "../../src/store/environment.ts";
import { Store } from "../../src/store/store.ts";
import { bench } from "../endpoint/harness.ts";

const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;

test("stop – what a handler that was left behind ends afterwards keeps no process alive", async () => {
  await using b = await bench();
  const store = new Store(b.connectionString);
  const notes = new Notes(store, b.name("work"), "one", () => {}, SYSTEM_ENVIRONMENT);
  await notes.start(() => true);
  notes.handled("in time");
  await notes.stop();
  const before = timers();
  notes.handled("too late");
  notes.released("later still");
  assert.equal(timers(), before, "nothing is gathered that nobody could write");
  await store.dispose();
});
