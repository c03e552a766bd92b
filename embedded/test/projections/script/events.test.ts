import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { TOMBSTONE_REVISION } from "../../../src/log/record.ts";
import { link, record } from "../records.ts";
import { faultIn, stateAfter, thing, when } from "./projection.ts";

const FIELDS =
  "partition bodyRaw metadataRaw streamId eventId eventType linkMetadataRaw isJson category sequenceNumber".split(" ");

describe("events – fields", () => {
  it("events – have what the record says", async () => {
    const event = record("things", 7, "A", {
      data: '{"n":[1]}',
      metadata: '{"m":2}',
      id: "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
    });
    const seen = (
      await when(
        "A: (s, e) => ({ ...e, body: e.body, data: e.data, metadata: e.metadata, linkMetadata: e.linkMetadata })",
      )
    ).handle({ event, link: undefined }).state;
    assert.deepEqual(seen, {
      partition: "",
      bodyRaw: '{"n":[1]}',
      metadataRaw: '{"m":2}',
      streamId: "things",
      eventId: "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
      eventType: "A",
      linkMetadataRaw: null,
      isJson: true,
      category: null,
      sequenceNumber: 7,
      body: { n: [1] },
      data: { n: [1] },
      metadata: { m: 2 },
      linkMetadata: null,
    });
  });

  it("events – have no body where they are not JSON, and null for what is empty", async () => {
    const binary = { event: record("things", 0, "A", { data: '{"n":1}', isJson: false }), link: undefined };
    const see = await when("A: (s, e) => [e.isJson, e.bodyRaw, typeof e.body, e.metadataRaw, e.metadata]");
    assert.deepEqual(see.handle(binary).state, [false, '{"n":1}', "undefined", null, null]);
    const empty = { event: record("things", 0, "A", { data: "", isJson: false }), link: undefined };
    assert.deepEqual(see.handle(empty).state, [false, null, "undefined", null, null]);
  });

  it("events – are the original, and only linkMetadata tells of the link", async () => {
    const through = {
      event: record("far", 9, "A", { metadata: '{"of":"event"}' }),
      link: link("near", 0, "9@far", '{"of":"link"}'),
    };
    const see = await when(
      "A: (s, e) => [e.streamId, e.sequenceNumber, e.metadata.of, e.linkMetadata.of, e.linkMetadataRaw]",
    );
    assert.deepEqual(see.handle(through).state, ["far", 9, "event", "link", '{"of":"link"}']);
  });

  it("events – behind links to nothing are null all over, but for the name of a stream that is gone", async () => {
    const see = await when(
      "$any: (s, e) => [e.streamId, e.sequenceNumber, e.eventType, e.isJson, e.bodyRaw, e.eventId]",
    );
    const nothing = { event: undefined, link: link("near", 0, "9@far@away") };
    const noId = "00000000-0000-0000-0000-000000000000";
    assert.deepEqual(see.handle(nothing).state, [null, -1, null, false, null, noId]);
    assert.deepEqual(see.handle({ ...nothing, leadsToDeletedStream: true }).state, [
      "far@away",
      -1,
      null,
      false,
      null,
      noId,
    ]);
  });

  it("events – that end a stream have the number 2^63 - 1, as far as a number can", async () => {
    const end = record("things", TOMBSTONE_REVISION, "$streamDeleted", { data: "", isJson: false });
    assert.deepEqual(
      (await when("$any: (s, e) => e.sequenceNumber")).handle({ event: end, link: undefined }).state,
      2 ** 63,
    );
  });

  it("events – flagged JSON that hold none are passed over", async () => {
    const { handler } = await when("$any() {}");
    for (const data of ["", "{ cut", '{"a":1} x']) assert.equal(handler.accepts(thing("A", data)), false, data);
    for (const data of ["{}", "5", "{'a':1}", "[1,]"]) assert.equal(handler.accepts(thing("A", data)), true, data);
  });
});

describe("events – as objects", () => {
  it("events – list their fields, and what is parsed only once it was read", async () => {
    assert.deepEqual(await stateAfter("return Object.keys(e)"), FIELDS);
    assert.deepEqual(await stateAfter("e.body; return Object.keys(e)"), [...FIELDS, "body", "data"]);
    assert.deepEqual(await stateAfter("e.metadata; return Object.keys(e)"), [...FIELDS, "metadata"]);
    assert.deepEqual(await stateAfter("const keys = []; for (const key in e) keys.push(key); return keys"), FIELDS);
    assert.deepEqual(await stateAfter("return ['body' in e, 'streamId' in e, e.hasOwnProperty('streamId')]"), [
      false,
      true,
      true,
    ]);
    assert.deepEqual(await stateAfter("return Object.keys(JSON.parse(JSON.stringify(e)))"), FIELDS);
  });

  it("events – are whole when they become the state", async () => {
    const whole = (await stateAfter("return { e }")) as { readonly e: object };
    assert.deepEqual(Object.keys(whole.e), [...FIELDS, "body", "data", "metadata", "linkMetadata"]);
  });

  it("events – keep their fields; new ones stay, and what is parsed can be changed", async () => {
    const body = "e.streamId = 'x'; e.body = 1; const gone = delete e.eventType; e.extra = 1;";
    assert.deepEqual(await stateAfter(`${body} return [e.streamId, e.body, gone, e.eventType, e.extra]`), [
      "things",
      { n: 1 },
      false,
      "Go",
      1,
    ]);
    assert.deepEqual(await stateAfter("e.body.n = 2; e.data.more = 3; return [e.body, e.bodyRaw]"), [
      { n: 2, more: 3 },
      '{"n":1}',
    ]);
    assert.deepEqual(
      await stateAfter("return [e.body === e.data, e.body === e.body, Object.isFrozen(e), Object.isExtensible(e)]"),
      [true, true, false, true],
    );
    assert.equal(
      await faultIn("'use strict'; e.streamId = 'x'"),
      "Cannot assign to read only property 'streamId' of [object Object]",
    );
  });

  it("events – kept over later ones stay what they were", async () => {
    const kept = await when(
      "A(s, e) { if (first) s.was = [first.body.n, first.eventType]; first ??= e }",
      "let first;",
    );
    assert.deepEqual(kept.handle(thing("A", { n: 1 }), thing("A", { n: 2 })).state, { was: [1, "A"] });
  });
});

describe("events – bodies and metadata that are not what they seem", () => {
  const bodyOf = (data: string) => when("A: (s, e) => ({ is: e.body })").then((p) => p.handle(thing("A", data)).state);
  const faultOfBody = (data: string, read = "e.body") =>
    when(`A(s, e) { try { ${read} } catch {} }`).then((p) => p.faultOf(thing("A", data)));

  it("events – give lists as bodies, but fault on scalars, past any catch", async () => {
    assert.deepEqual(await bodyOf("[1,[2]]"), { is: [1, [2]] });
    const cast = (kind: string) =>
      `Unable to cast object of type 'Jint.Native.Js${kind}' to type 'Jint.Native.Object.ObjectInstance'.`;
    assert.equal(await faultOfBody("5"), cast("Number"));
    assert.equal(await faultOfBody('"x"'), cast("String"));
    assert.equal(await faultOfBody("null"), cast("Null"));
    assert.equal(await faultOfBody("true"), cast("Boolean"));
    assert.deepEqual((await when("A: (s, e) => [e.bodyRaw]")).handle(thing("A", "5")).state, ["5"]);
  });

  it("events – are parsed as the server's engine does, in its words", async () => {
    assert.deepEqual(await bodyOf('{"a":1,}'), { is: { a: 1 } });
    assert.deepEqual(await bodyOf('{"a":1,"a":2}'), { is: { a: 2 } });
    assert.deepEqual(await bodyOf('{"\\u0061\\t":"\\"\\\\\\b\\u00e9"}'), { is: { "a\t": '"\\\bé' } });
    const fault = (data: string) => when("A: (s, e) => e.body").then((p) => p.faultOf(thing("A", data)));
    assert.equal(await fault('{"a":1/*c*/}'), "Unexpected token '/' in JSON at position 6");
    assert.equal(await fault("{'a':1}"), "Unexpected token ''' in JSON at position 1");
    assert.equal(await fault('{"a":01}'), "Unexpected token '1' in JSON at position 6");
    assert.equal(await fault('{"a":"\t"}'), "Invalid character in JSON at position 6");
    assert.equal(await fault('{"b":{"a\\n":1}}'), "Invalid character in JSON at position 6");
  });

  it("events – parse metadata only when they are read, whatever they are", async () => {
    const metadata = (text: string) =>
      when("A: (s, e) => ({ is: e.metadata })").then((p) => p.handle(thing("A", {}, text)).state);
    assert.deepEqual(await metadata('{"a":1}'), { is: { a: 1 } });
    assert.deepEqual(await metadata('"x"'), { is: "x" });
    assert.deepEqual(await metadata(""), { is: null });
    const see = await when("A: (s, e) => e.metadataRaw.length, B: (s, e) => e.metadata");
    assert.deepEqual(see.handle(thing("A", {}, "no JSON")).state, 7);
    assert.equal(see.faultOf(thing("B", {}, "no JSON")), "Unexpected token ILLEGAL in JSON at position 0");
  });
});
