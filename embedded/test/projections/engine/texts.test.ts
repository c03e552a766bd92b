import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { formatStateTexts, parseStateTexts } from "../../../src/projections/checkpoints/state-texts.ts";
import { describeFault } from "../../../src/projections/fault-text.ts";
import { ProjectionFault } from "../../../src/projections/handler.ts";
import { statusText } from "../../../src/projections/management/status-text.ts";
import { formatVersion, parseVersion } from "../../../src/projections/version.ts";
import { causeOf } from "../../../src/projections/emitted/cause.ts";
import { emittedMetadata } from "../../../src/projections/emitted/emitted-event.ts";
import { jsonRecord } from "./test-store.ts";

test("status – says what is done with a projection and what it is at", () => {
  assert.equal(statusText("Running", "Running", true), "Running");
  assert.equal(statusText("Aborted", "Stopped", false), "Aborted/Stopped");
  assert.equal(statusText("Faulted", "Faulted", true), "Faulted (Enabled)");
  assert.equal(statusText("Faulted", "Stopped", true), "Faulted/Stopped (Enabled)");
  assert.equal(statusText("Stopped", "Faulted", false), "Stopped/Faulted");
  assert.equal(statusText("Starting", "StateLoaded", true), "Starting/StateLoaded");
  assert.equal(statusText("Running", "FaultedStopping", true), "Running/FaultedStopping");
  assert.equal(statusText("Completed", "Stopped", true), "Completed/Stopped/Writing results");
});

test("checkpoint texts – leave out what there is none of", () => {
  assert.equal(formatStateTexts({ state: '{"n":1}', result: '{"n":1}' }), '[{"n":1},{"n":1}]');
  assert.equal(formatStateTexts({ state: '{"n":1}', result: null }), '[{"n":1}]');
  assert.equal(formatStateTexts({ state: null, result: null }), "[]");
});

test("checkpoint texts – come back digit by digit", () => {
  const texts = { state: '{"big":12345678901234567890,"zero":-0,"text":"],[\\"\\\\"}', result: "[1.50, {}]" };
  assert.deepEqual(parseStateTexts(formatStateTexts(texts)), texts);
  fc.assert(
    fc.property(fc.json(), fc.option(fc.json()), (state, result) => {
      assert.deepEqual(parseStateTexts(formatStateTexts({ state, result })), { state, result });
    }),
  );
});

test("checkpoint texts – that are no list hold nothing", () => {
  assert.equal(parseStateTexts("[hello]"), undefined);
  assert.equal(parseStateTexts("{}"), undefined);
});

test("versions – come back from their text; anything else is none", () => {
  const version = { id: 17, epoch: -1, version: 3 };
  assert.equal(formatVersion(version), "17:-1:3:4");
  assert.deepEqual(parseVersion("17:-1:3:4"), version);
  for (const text of ["", "1:2", "a:1:2:3", "1:2:3:4:5"]) assert.equal(parseVersion(text), undefined, text);
});

test("faults – of a handler stand below a heading, others stand alone", () => {
  const at = { mode: "Stream", stream: "s", revision: 1 } as const;
  assert.equal(
    describeFault(new Error("no"), "p", "Some.Handler", at).message,
    "The p projection failed to process an event.\r\nHandler: Some.Handler\r\nEvent Position: s: 1\r\n\r\nMessage:\r\n\r\nno",
  );
  assert.equal(describeFault(new ProjectionFault("bare", { bare: true }), "p", "H", at).message, "bare");
});

test("causes – hand on a correlation id in text form, of events flagged JSON", () => {
  const correlationId = (metadata: unknown, isJson = true) =>
    causeOf({ ...jsonRecord("T", {}, metadata), isJson, stream: "s", revision: 0, position: 0, created: 0 })
      ?.correlationId;
  assert.equal(correlationId({ $correlationId: 'a "b"' }), '"a \\"b\\""');
  assert.equal(correlationId({ $correlationId: 5 }), '"5"');
  const long = { ...jsonRecord("T", {}), metadata: Buffer.from('{"$correlationId":-9007199254740993}') };
  assert.equal(
    causeOf({ ...long, stream: "s", revision: 0, position: 0, created: 0 })?.correlationId,
    '"-9007199254740993"',
  );
  assert.equal(correlationId({ $correlationId: true }), '"True"');
  for (const none of [null, "", ["x"], { x: 1 }]) assert.equal(correlationId({ $correlationId: none }), undefined);
  assert.equal(correlationId({ $correlationId: "c" }, false), undefined);
  assert.equal(causeOf(undefined), undefined);
});

test("emitted metadata – keep the server's order; a cause cannot be forged, a correlation id can", () => {
  const tag = { mode: "Stream", stream: "s", revision: 2 } as const;
  const event = { type: "T", isJson: true, data: () => "", tag, cause: { id: "cause", correlationId: '"c"' } };
  assert.equal(
    emittedMetadata("1:-1:0:4", {
      ...event,
      metadata: [
        ["z", "1"],
        ["$causedBy", '"x"'],
      ],
    }),
    '{"$v":"1:-1:0:4","$s":{"s":2},"z":1,"$causedBy":"cause","$correlationId":"c"}',
  );
  assert.equal(
    emittedMetadata("1:-1:0:4", { ...event, metadata: [["$correlationId", '"mine"']] }),
    '{"$v":"1:-1:0:4","$s":{"s":2},"$correlationId":"mine","$causedBy":"cause"}',
  );
});
