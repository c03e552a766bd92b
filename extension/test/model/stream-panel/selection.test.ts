import assert from "node:assert/strict";
import { test } from "node:test";
import { Browsing } from "../../../src/stream-panel/model/browsing.ts";
import type { ToHost } from "../../../src/stream-panel/protocol.ts";
import { Selection } from "../../../src/stream-panel/view/selection.ts";

function selecting() {
  const posted: ToHost[] = [];
  let requests = 0;
  const post = (message: ToHost): void => void posted.push(message);
  const nextRequest = (): number => ++requests;
  const browsing = new Browsing({ post, nextRequest, onChange: () => {} });
  const selection = new Selection({ browsing, post, nextRequest, onChange: () => {} });
  const read = (): readonly unknown[] =>
    posted.flatMap((message) => (message.kind === "details" ? [message.place] : []));
  return { selection, read };
}

test("selection – what is proposed where nothing is picked is read once its details are looked at", () => {
  const { selection, read } = selecting();
  selection.propose({ revision: "7" });
  assert.deepEqual([selection.active, read()], [{ revision: "7" }, []]);
  selection.openDetails();
  assert.deepEqual(read(), [{ revision: "7" }]);
});

test("selection – another stream is shown beside open details: those of the event that is proposed there are read", () => {
  const { selection, read } = selecting();
  selection.pick({ revision: "1" }, false);
  selection.openDetails();
  selection.reset(undefined);
  selection.propose(undefined);
  selection.propose({ revision: "9" });
  selection.propose({ revision: "10" });
  assert.deepEqual(selection.active, { revision: "9" });
  assert.deepEqual(read(), [{ revision: "1" }, { revision: "9" }]);
});
