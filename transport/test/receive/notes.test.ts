import assert from "node:assert/strict";
import { test } from "node:test";
import { Claims, type Note } from "../../src/receive/claims.ts";
import { Notes } from "../../src/receive/notes.ts";
import { SYSTEM_ENVIRONMENT } from "../../src/store/environment.ts";
import { Store } from "../../src/store/store.ts";
import { type Bench, bench, until } from "../endpoint/harness.ts";

const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;

/** The notes of one instance, and what all instances hear of them. */
async function started(b: Bench) {
  const store = new Store(b.connectionString);
  const heard: Note[] = [];
  const notes = new Notes(store, b.name("work"), "one", (note) => void heard.push(note), SYSTEM_ENVIRONMENT);
  await notes.start(() => true);
  const stop = async (): Promise<void> => {
    await notes.stop();
    await store.dispose();
  };
  return { notes, heard, stop };
}

test("stop – what a handler that was left behind ends afterwards keeps no process alive", async () => {
  await using b = await bench();
  const { notes, stop } = await started(b);
  notes.handled("in time");
  await notes.stop();
  const before = timers();
  notes.handled("too late");
  notes.released("later still");
  assert.equal(timers(), before, "nothing is gathered that nobody could write");
  await stop();
});

test("dedupe – what was begun and not handled is told, though nothing else is", async () => {
  await using b = await bench();
  const { notes, heard, stop } = await started(b);
  await notes.claim("id", "link");
  notes.released("id");
  await until("others know that they may handle it", () => heard.some(({ released }) => released?.includes("id")));
  await stop();
});

test("dedupe – what is begun again before it was told that it had been let go is in hand, and what is let go again is not", async () => {
  await using b = await bench();
  const { notes, heard, stop } = await started(b);
  const isTaken = (): boolean => {
    const claims = new Claims("two", 60_000);
    for (const note of heard) claims.take(note, 0);
    return claims.isTaken("id", "link of two", 0);
  };
  await notes.claim("id", "link");
  notes.released("id");
  await notes.claim("id", "another link");
  assert.equal(isTaken(), true);
  // Others came just now, so that it is claimed while it is handled, and nobody waits for that.
  void notes.claim("id", "another link");
  notes.released("id");
  await until("others know that they may handle it", () => !isTaken());
  await stop();
});
