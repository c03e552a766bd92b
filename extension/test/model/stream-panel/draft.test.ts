import assert from "node:assert/strict";
import { test } from "node:test";
import { recorded } from "./memory-store.ts";
import type { Connection } from "../../../src/connections/connection.ts";
import { firstGap, newDraftText } from "../../../src/drafts/event-draft.ts";
import { parseDraft } from "../../../src/drafts/parse-draft.ts";

const connection = (name: string, policy: Connection["policy"] = "read-write"): Connection => ({
  id: `id of ${name}`,
  name,
  policy,
  connectionString: "esdb://localhost?tls=false",
  origin: "user",
});
const connections = [connection("local"), connection("live", "read-only"), connection("twin"), connection("twin")];
const target = { connection: "local", stream: 'order-"1"', id: "00000000-0000-4000-8000-000000000000" };
const filled = (await newDraftText(target)).replace('"type": ""', '"type": "OrderPlaced"');
/** What is wrong with the draft in which one part is written otherwise: the text it stands at, and the sentence. */
const problemsOf = (part: string, instead: string): [string, string][] => {
  const text = filled.replace(part, instead);
  assert.notEqual(text, filled);
  return parseDraft(text, connections).problems.map(({ from, to, text: said }) => [text.slice(from, to), said]);
};
const decoded = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

test("draft – a new one lacks nothing but the type, where typing begins", async () => {
  const text = await newDraftText(target);
  const { draft, problems } = parseDraft(text, connections);
  assert.equal(draft, undefined);
  assert.deepEqual(
    problems.map((problem) => [problem.text, problem.from, problem.severity]),
    [["Enter the event's type.", firstGap(text) - 1, "error"]],
  );
});

test("draft – one like another event begins with its type, data and metadata, each digit kept", async () => {
  const like = recorded("order-1", 3, {
    type: "OrderPlaced",
    data: '{"id":9007199254740993,"lines":[1]}',
    metadata: { $correlationId: "7" },
  });
  const { draft, problems } = parseDraft(await newDraftText({ ...target, like }), connections);
  assert.deepEqual(problems, []);
  assert.equal(decoded(draft!.event.data), '{"id":9007199254740993,"lines":[1]}');
  assert.equal(decoded(draft!.event.metadata), '{"$correlationId":"7"}');
  assert.equal(draft!.event.type, "OrderPlaced");
  const binary = recorded("order-1", 4, { bytes: Uint8Array.from([0, 255]), isJson: false });
  assert.match(await newDraftText({ ...target, like: binary }), /"data": \{\},/);
});

test("draft – without a stream typing begins there", async () => {
  const text = await newDraftText({ ...target, stream: "" });
  assert.equal(text.slice(0, firstGap(text)).endsWith('"stream": "'), true);
});

test("draft – one that is filled in says what is appended where", () => {
  const { draft, problems } = parseDraft(filled, connections);
  assert.deepEqual(problems, []);
  assert.equal(draft!.connectionId, "id of local");
  assert.equal(draft!.stream, 'order-"1"');
  assert.equal(draft!.expected, "any");
  const { id, type, data, metadata } = draft!.event;
  assert.deepEqual([id, type, decoded(data), decoded(metadata)], [target.id, "OrderPlaced", "{}", ""]);
});

test("draft – data and metadata are stored with every digit and key, without the space between them", () => {
  const text = filled
    .replace('"data": {}', '"data": {\n  "id": 9007199254740993,\n  "price": 1.10, "a": "x  y", "a": 2 }')
    .replace('"metadata": {}', '"metadata": { "$correlationId": "7" }');
  const { event } = parseDraft(text, connections).draft!;
  assert.equal(decoded(event.data), '{"id":9007199254740993,"price":1.10,"a":"x  y","a":2}');
  assert.equal(decoded(event.metadata), '{"$correlationId":"7"}');
});

test("draft – the expected revision keeps every digit, as a number and as a text", () => {
  for (const [written, expected] of [
    ["9007199254740993", 9007199254740993n],
    ['"17"', 17],
    ['"no-stream"', "no-stream"],
    ['"stream-exists"', "stream-exists"],
  ] as const) {
    assert.equal(parseDraft(filled.replace('"any"', written), connections).draft!.expected, expected);
  }
});

test("draft – what is wrong is said where it stands", () => {
  assert.deepEqual(problemsOf('"any"', '"last"'), [
    ['"last"', "Enter any, no-stream, stream-exists, or the number of the stream's last event."],
  ]);
  assert.deepEqual(problemsOf('"any"', "-1")[0]![0], "-1");
  assert.match(problemsOf('"data": {}', '"data": { "a": 1, }')[0]![1], /^What is stored has to be JSON/);
  assert.deepEqual(problemsOf('"data": {}', '"data": [1 /* one */]')[0]![0], "[1 /* one */]");
  assert.deepEqual(problemsOf('"metadata": {}', '"metadata": []'), [["[]", "Metadata is a JSON object, such as {}."]]);
  assert.match(problemsOf(`"${target.id}"`, '"17"')[0]![1], /^This is no UUID/);
  assert.deepEqual(problemsOf('"metadata": {}', '"headers": {}')[0]![0], '"headers"');
  assert.deepEqual(problemsOf('"metadata": {}', '"data": {}'), [['"data"', '"data" stands here a second time.']]);
  assert.match(problemsOf('"type": "OrderPlaced",', "")[0]![1], /^"type" is missing/);
  assert.match(problemsOf('"order-\\"1\\""', '"$all"')[0]![1], /not to the log of all of them/);
  assert.match(problemsOf('"data": {}', '"data": {')[0]![1], /^This is no JSON/);
  assert.match(parseDraft("[]", connections).problems[0]!.text, /^Write an object/);
});

test("draft – a connection has to be one of those there are, by a name that only it has", () => {
  assert.match(problemsOf('"local"', '"gone"')[0]![1], /^There is no connection of this name/);
  assert.match(problemsOf('"local"', '"twin"')[0]![1], /^There are several connections/);
  const { draft, problems } = parseDraft(filled.replace('"local"', '"live"'), connections);
  assert.equal(problems[0]!.severity, "warning");
  assert.equal(draft!.connectionId, "id of live");
});
