import assert from "node:assert/strict";
import { test } from "node:test";
import { HeldEvent } from "../../../src/stream-panel/view/held-event.ts";
import { detailsOf } from "../../../src/stream-panel/host/event-details.ts";
import { rowOf } from "../../../src/stream-panel/model/row.ts";
import type { ToHost } from "../../../src/stream-panel/protocol.ts";
import { recorded } from "./memory-store.ts";

const source = { stream: "s" };
const details = (revision: number) => detailsOf(source, { recorded: recorded("s", revision) });

test("held event – it is gone where another one lies in its place, or none, and told of once", () => {
  const posted: ToHost[] = [];
  let requests = 0;
  const held = new HeldEvent(
    (message) => posted.push(message),
    () => ++requests,
  );
  const shown = (...revisions: number[]) => ({
    source,
    isFresh: false,
    window: { rows: revisions.map((revision) => rowOf(source, { recorded: recorded("s", revision) }, true)) },
  });
  const ask = (): number => {
    assert.equal(held.ask(shown(6, 7)), true);
    return requests;
  };
  assert.equal(held.ask(shown()), false, "nothing is shown, which is read anew");
  assert.equal(held.ask({ ...shown(), isFresh: true }), true, "what is shown is on its way");
  const first = ask();
  assert.deepEqual(posted, [{ kind: "details", request: first, source, place: { revision: "7" } }]);
  assert.equal(held.isGone({ kind: "details", request: first + 1, details: null }), false);
  assert.equal(held.isGone({ kind: "details", request: first, details: details(7) }), false);
  assert.equal(held.isGone({ kind: "details", request: first, details: null }), false);
  assert.equal(held.isGone({ kind: "details", request: ask(), details: null }), true);
  assert.equal(held.isGone({ kind: "details", request: ask(), details: details(8) }), true);
  const ofLog = { all: true } as const;
  const link = { recorded: recorded("$ce-s", 9, { type: "$>", data: "7@s", isJson: false }) };
  const rows = [{ recorded: recorded("s", 8) }, link].map((entry) => rowOf(ofLog, entry, false));
  assert.equal(held.ask({ source: ofLog, isFresh: false, window: { rows } }), true);
  assert.deepEqual(posted.at(-1), {
    kind: "details",
    request: requests,
    source: ofLog,
    place: { commit: "800", prepare: "800" },
  });
  const failed = (kind: "not-found" | "other") =>
    held.isGone({ kind: "failed", request: ask(), failure: { kind, message: "" } });
  assert.deepEqual([failed("not-found"), failed("other")], [true, false]);
});
