import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { checkBody } from "../../src/messages/check-body.ts";
import { event, type MessageIdentity } from "../../src/messages/definition.ts";
import { headersOf, messageContextOf, type OutgoingHeaders } from "../../src/messages/headers.ts";
import { deriveId } from "../../src/messages/ids.ts";
import { InvalidBody } from "../../src/messages/invalid-body.ts";
import { InvalidName } from "../../src/topology/invalid-name.ts";
import { InvalidHeader } from "../../src/messages/invalid-header.ts";
import { toOutgoingMessage as toOutgoingMessageWith } from "../../src/messages/outgoing-message.ts";
import { jsonSerializer } from "../../src/messages/json-serializer.ts";
import { SchemaRefused } from "../../src/messages/schema-refused.ts";
import type { StandardSchema } from "../../src/messages/standard-schema.ts";

const ID = "6ba7b810-9dad-11d1-80b4-00c04fd430c8";
const toOutgoingMessage = (...given: readonly [MessageIdentity, object, string, OutgoingHeaders]) =>
  toOutgoingMessageWith(...given, {}, jsonSerializer);
const envelope = {
  correlationId: "c",
  causationId: "a",
  source: "sales",
  replyTo: "sales",
  intent: "Send" as const,
  sentAt: new Date(0),
  headers: {},
};
const Placed = event("sales.OrderPlaced")<{ n: number }>();

test("ids – a derived id is the UUID version 5 of RFC 9562", () => {
  // The example of the RFC's appendix A.4: namespace DNS, name www.example.com.
  assert.equal(
    deriveId("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "www.example.com"),
    "2ed6657d-e927-568b-95e1-2665a8aea6a2",
  );
});

test("ids – different messages, indexes and components have different ids; the same have the same", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.tuple(fc.uuid(), fc.string()), { selector: (pair) => JSON.stringify(pair) }),
      (pairs) => {
        const ids = pairs.map(([id, of]) => deriveId(id, of));
        assert.equal(new Set(ids).size, ids.length);
        assert.deepEqual(
          ids,
          pairs.map(([id, of]) => deriveId(id, of)),
        );
      },
    ),
  );
});

test("headers – headers with any Unicode, in names and values, survive", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({ unit: "binary" }), fc.string({ unit: "binary" })), (given) => {
      const headers = Object.fromEntries(
        Object.entries(given).filter(([name]) => !name.startsWith("$") && !name.startsWith("sluice.")),
      );
      const metadata = JSON.parse(JSON.stringify(headersOf({ ...envelope, headers })));
      const context = messageContextOf("id", "T", metadata);
      assert.deepEqual(context.headers, headers);
      assert.equal(context.correlationId, "c");
      assert.equal(context.causationId, "a");
      assert.equal(context.replyTo, "sales");
      assert.deepEqual(context.sentAt, new Date(0));
    }),
  );
});

test("headers – what others wrote is never refused, and the correlation id is always a text", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.anything(),
        fc.dictionary(fc.constantFrom("$correlationId", "sluice.sentAt", "sluice.intent", "x"), fc.jsonValue()),
      ),
      (metadata) => {
        const context = messageContextOf("the-id", "T", metadata);
        assert.equal(typeof context.correlationId, "string");
        assert.ok(context.correlationId.length > 0);
        assert.ok(
          Object.values(context.headers).every((value) =>
            ["string", "number", "boolean", "undefined"].includes(typeof value),
          ),
        );
      },
    ),
  );
  assert.equal(messageContextOf("the-id", "T", { $correlationId: 7 }).correlationId, "the-id");
});

test("headers – names of the transport are refused", () => {
  for (const header of ["sluice.destination", "$correlationId", "$anything", "sluice.anything"])
    assert.throws(() => headersOf({ ...envelope, headers: { [header]: "x" } }), InvalidHeader);
});

test("headers – 72. correlation ids, ids and values that would fault a system projection are refused at the call", () => {
  for (const correlationId of [undefined, "", 7, {}, ["c"]]) {
    assert.throws(() => headersOf({ ...envelope, correlationId: correlationId as string }), InvalidHeader);
  }
  for (const value of [undefined, null, {}, [], 1n, Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.throws(() => headersOf({ ...envelope, headers: { x: value as string } }), InvalidHeader);
  }
  for (const id of ["", "id", "00000000-0000-0000-0000-000000000000", 7]) {
    assert.throws(() => toOutgoingMessage(Placed, { n: 1 }, id as string, envelope), InvalidName);
  }
});

test("headers – numbers and booleans arrive as they were sent", () => {
  const headers = { text: "7", number: 7.5, yes: true };
  const metadata = JSON.parse(JSON.stringify(headersOf({ ...envelope, headers })));
  assert.deepEqual(messageContextOf("id", "T", metadata).headers, headers);
});

test("body – what is no JSON object or array and no bytes is refused with what to do", () => {
  const cycle: Record<string, unknown> = {};
  cycle["self"] = cycle;
  const bad = [
    cycle,
    { n: 1n },
    new Date(0),
    "text" as unknown as object,
    7 as unknown as object,
    null as unknown as object,
    undefined as unknown as object,
    () => 1,
  ];
  for (const body of bad) {
    assert.throws(
      () => toOutgoingMessage(Placed, body, ID, envelope),
      (error: unknown) =>
        error instanceof InvalidBody &&
        /JSON object or array/.test(error.message) &&
        !error.message.includes("a undefined"),
    );
  }
});

test("body – later changes of the sender's object change nothing", () => {
  const body = { n: 1 };
  const bytes = Uint8Array.from([1, 2]);
  const json = toOutgoingMessage(Placed, body, ID, envelope);
  const binary = toOutgoingMessage(Placed, bytes, ID, envelope);
  body.n = 2;
  bytes[0] = 9;
  assert.equal(Buffer.from(json.message.body).toString(), '{"n":1}');
  assert.equal(json.message.body.byteLength, 7);
  assert.deepEqual(binary.message.body, Uint8Array.from([1, 2]));
  assert.deepEqual([json.message.isJson, binary.message.isJson], [true, false]);
});

/** A Standard Schema as any library makes one: refuses what is no date, and gives handlers a Date. */
const dated = (later: boolean): StandardSchema<{ at: string }, { at: Date }> => ({
  "~standard": {
    version: 1,
    vendor: "test",
    validate: (value) => {
      const at = new Date((value as { at: string }).at);
      const result = Number.isNaN(at.getTime())
        ? { issues: [{ message: "no date", path: ["at"] }] }
        : { value: { at } };
      return later ? Promise.resolve(result) : result;
    },
  },
});

test("body – a schema checks and may transform, at once or later", async () => {
  for (const later of [false, true]) {
    const At = event("x.At")(dated(later));
    assert.deepEqual(await checkBody(At, { at: "1970-01-01T00:00:00.000Z" }), { at: new Date(0) });
    await assert.rejects(
      async () => checkBody(At, { at: "never" }),
      (error: unknown) => error instanceof SchemaRefused && /x\.At.*at: no date/.test(error.message),
    );
  }
});

test("ids – of every name what RFC 9562 makes of the digest of its namespace and name", () => {
  fc.assert(
    fc.property(fc.uuid(), fc.string({ unit: "grapheme" }), (namespace, name) => {
      const bytes = createHash("sha1")
        .update(Buffer.from(namespace.replaceAll("-", ""), "hex"))
        .update(name, "utf8")
        .digest();
      bytes[6] = (bytes[6]! & 0x0f) | 0x50;
      bytes[8] = (bytes[8]! & 0x3f) | 0x80;
      assert.equal(deriveId(namespace, name).replaceAll("-", ""), bytes.toString("hex", 0, 16));
    }),
  );
});
