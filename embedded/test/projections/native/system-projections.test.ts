import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { TOMBSTONE_REVISION } from "../../../src/log/record.ts";
import { ProjectionFault, type Emission, type ProjectionEvent } from "../../../src/projections/handler.ts";
import { systemProjections } from "../../../src/projections/native/system-projections.ts";
import { link, record } from "../records.ts";

/** What the system projection `name` writes for one event. */
function emitted(name: string, event: ProjectionEvent, query?: string): readonly Emission[] {
  const projection = systemProjections.find((p) => p.name === name);
  assert.ok(projection);
  const handler = projection.compile(query ?? projection.query);
  return handler.accepts(event) ? handler.process(event, "").emitted : [];
}

const plain = (event: ReturnType<typeof record>): ProjectionEvent => ({ event, link: undefined });
const linkTo = (stream: string, data: string, metadata?: Emission["metadata"]): readonly Emission[] => [
  { stream, type: "$>", isJson: false, data, ...(metadata && { metadata }) },
];
const SOFT = '{"$tb":9223372036854775807}';

describe("$by_category", () => {
  const byCategory = (event: ProjectionEvent, query?: string) => emitted("$by_category", event, query);

  it("$by_category – links an event of a dashed stream and names the stream in $o", () => {
    const event = plain(record("cart-7", 3, "Added"));
    assert.deepEqual(byCategory(event), linkTo("$ce-cart", "3@cart-7", [["$o", '"cart-7"']]));
  });

  it("$by_category – ends the category at the first dash and finds none without one, in front, or in a system stream", () => {
    const categories = ["a-b-c", "a-", "a--b", "nodash", "-x", "$sys-1", "$$a-b", "ümlaut-1", "in.D-C.routed"].map(
      (stream) => byCategory(plain(record(stream, 0, "T")))[0]?.stream,
    );
    const none = undefined;
    assert.deepEqual(categories, ["$ce-a", "$ce-a", "$ce-a", none, none, none, none, "$ce-ümlaut", "$ce-in.D"]);
  });

  it("$by_category – takes the last separator where the query is that character alone", () => {
    assert.equal(byCategory(plain(record("a-b-c", 0, "T")), "-")[0]?.stream, "$ce-a-b");
    assert.equal(byCategory(plain(record("a.b-c", 0, "T")), "first\n.")[0]?.stream, "$ce-a");
  });

  it("$by_category – refuses a query that names no separator", () => {
    for (const query of ["", "middle\n-", "first\n", "first\n--", "first\n-\nmore"]) {
      assert.throws(() => byCategory(plain(record("a-b", 0, "T")), query), ProjectionFault, query);
    }
  });

  it("$by_category – links a link on to its target and names the link's own stream", () => {
    const event = { event: record("outbox.C", 5, "Placed"), link: link("in.D-C.routed", 2, "5@outbox.C") };
    assert.deepEqual(byCategory(event), linkTo("$ce-in.D", "5@outbox.C", [["$o", '"in.D-C.routed"']]));
  });

  it("$by_category – copies where an unresolved link leads", () => {
    const event = plain(link("queue-1", 0, "4@far"));
    assert.deepEqual(byCategory(event), linkTo("$ce-queue", "4@far", [["$o", '"queue-1"']]));
  });

  it("$by_category – keeps links to nothing, with a name only where the whole stream is gone", () => {
    const truncated = { event: undefined, link: link("queue-1", 0, "4@far") };
    assert.equal(byCategory(truncated)[0]?.data, "-1@");
    assert.equal(byCategory({ ...truncated, leadsToDeletedStream: true })[0]?.data, "-1@far");
  });

  it("$by_category – enters soft deletions by the metastream and tombstones by their number, both with $deleted", () => {
    const metadata = [["$o", '"cart-1"'] as const, ["$deleted", "-1"] as const];
    const soft = plain(record("$$cart-1", 2, "$metadata", { data: SOFT }));
    assert.deepEqual(byCategory(soft), linkTo("$ce-cart", "2@$$cart-1", metadata));
    const hard = plain(record("cart-1", TOMBSTONE_REVISION, "$streamDeleted", { isJson: false, data: "" }));
    assert.deepEqual(byCategory(hard), linkTo("$ce-cart", "9223372036854775807@cart-1", metadata));
  });

  it("$by_category – passes over other metadata", () => {
    for (const data of ['{"$maxCount":9}', '{"$tb":12}']) {
      assert.deepEqual(byCategory(plain(record("$$cart-1", 0, "$metadata", { data }))), []);
    }
    assert.deepEqual(byCategory(plain(record("$$cart-1", 0, "$metadata", { data: '"$tb"{', isJson: false }))), []);
  });

  it("$by_category – loses a link whose metadata is broken JSON", () => {
    const through = (metadata: string) => ({ event: record("o", 0, "T"), link: link("in-a", 0, "0@o", metadata) });
    assert.deepEqual(byCategory(through('{"reason":"with "quotes""}')), []);
    assert.deepEqual(byCategory(through('{"k":,"$causedBy":"x"}')), []);
    for (const metadata of ['{"k":1}', "", '"text"', "bytes"]) assert.equal(byCategory(through(metadata)).length, 1);
  });

  it("$by_category – passes over an event flagged JSON that holds none", () => {
    for (const data of ["{ cut", "", '{"a":1} x']) {
      assert.deepEqual(byCategory(plain(record("cart-1", 0, "T", { data }))), []);
      assert.equal(byCategory(plain(record("cart-1", 0, "T", { data, isJson: false }))).length, 1);
    }
  });
});

describe("$stream_by_category and $streams", () => {
  it("$stream_by_category – names a stream at its first event only", () => {
    assert.deepEqual(emitted("$stream_by_category", plain(record("cart-1", 0, "T"))), [
      { stream: "$category-cart", type: "$@", isJson: false, data: "cart-1" },
    ]);
    assert.deepEqual(emitted("$stream_by_category", plain(record("cart-1", 1, "T"))), []);
    assert.deepEqual(emitted("$stream_by_category", plain(record("$$cart-1", 0, "$metadata"))), []);
  });

  it("$stream_by_category – counts a stream that begins with a link", () => {
    const event = { event: record("plain", 9, "T"), link: link("queue-1", 0, "9@plain") };
    assert.equal(emitted("$stream_by_category", event)[0]?.data, "queue-1");
  });

  it("$streams – links the first event of any stream, metastreams among them", () => {
    assert.deepEqual(emitted("$streams", plain(record("plain", 0, "T"))), linkTo("$streams", "0@plain"));
    assert.deepEqual(emitted("$streams", plain(record("$$plain", 0, "$metadata"))), linkTo("$streams", "0@$$plain"));
    assert.deepEqual(emitted("$streams", plain(record("plain", 1, "T"))), []);
  });
});

describe("$by_event_type", () => {
  it("$by_event_type – links by type; metadata by the stream they are of; no links", () => {
    assert.deepEqual(emitted("$by_event_type", plain(record("s", 4, "Odd type/?"))), linkTo("$et-Odd type/?", "4@s"));
    assert.deepEqual(emitted("$by_event_type", plain(record("$$s", 1, "$metadata"))), linkTo("$et-$metadata", "1@s"));
    assert.deepEqual(emitted("$by_event_type", { event: record("s", 4, "T"), link: link("l", 0, "4@s") }), []);
    assert.deepEqual(emitted("$by_event_type", plain(link("l", 0, "4@s"))), []);
    assert.deepEqual(emitted("$by_event_type", { event: undefined, link: link("l", 0, "4@s") }), []);
  });

  it("$by_event_type – puts deletions in $et-$deleted", () => {
    const hard = plain(record("gone", TOMBSTONE_REVISION, "$streamDeleted", { isJson: false, data: "" }));
    assert.deepEqual(
      emitted("$by_event_type", hard),
      linkTo("$et-$deleted", "9223372036854775807@gone", [["$deleted", "-1"]]),
    );
    const soft = plain(record("$$gone", 1, "$metadata", { data: SOFT }));
    assert.equal(emitted("$by_event_type", soft)[0]?.data, "1@gone");
  });

  it("$by_event_type – notes its checkpoints in $et", () => {
    const handler = systemProjections[3]?.compile("");
    assert.deepEqual(handler?.checkpoint?.('{"$v":"4:-1:0:4","$c":7,"$p":7}'), [
      { stream: "$et", type: "$Checkpoint", isJson: true, data: '{"$v":"4:-1:0:4","$c":7,"$p":7}' },
    ]);
  });
});

describe("$by_correlation_id", () => {
  const byId = (metadata: string, query?: string) =>
    emitted("$by_correlation_id", plain(record("s", 2, "T", { metadata })), query);

  it("$by_correlation_id – links by the id, with the event's time", () => {
    const time = ["$eventTimestamp", '"2024-02-29T12:30:15.123000Z"'] as const;
    assert.deepEqual(byId('{"$correlationId":"talk","x":1}'), linkTo("$bc-talk", "2@s", [time]));
  });

  it("$by_correlation_id – counts numbers and the empty text, not null nor what lies in broken metadata", () => {
    const streamOf = (metadata: string) => byId(metadata)[0]?.stream;
    assert.equal(streamOf('{"$correlationId":5}'), "$bc-5");
    const long = '{"x":{"$correlationId":1},"$correlationId":1234567890123456789,"y":[{"$correlationId":2}]}';
    assert.equal(streamOf(long), "$bc-1234567890123456789");
    assert.equal(streamOf('{"$correlationId":""}'), "$bc-");
    assert.equal(streamOf('{"$correlationId":true}'), "$bc-True");
    for (const metadata of [
      "",
      "{}",
      '{"$correlationId":null}',
      '{"$correlationId":"cut"',
      '"$correlationId"',
      "[1]",
    ]) {
      assert.equal(streamOf(metadata), undefined, metadata);
    }
  });

  it("$by_correlation_id – faults on an object or a list", () => {
    const cast = (kind: string) => ({
      message: `Cannot cast Newtonsoft.Json.Linq.${kind} to Newtonsoft.Json.Linq.JToken.`,
    });
    assert.throws(() => byId('{"$correlationId":{"a":1}}'), cast("JObject"));
    assert.throws(() => byId('{"$correlationId":[1]}'), cast("JArray"));
  });

  it("$by_correlation_id – links no links", () => {
    const metadata = '{"$correlationId":"talk"}';
    assert.deepEqual(emitted("$by_correlation_id", plain(link("l", 0, "0@s", metadata))), []);
    assert.deepEqual(
      emitted("$by_correlation_id", { event: record("s", 0, "T", { metadata }), link: link("l", 0, "0@s", metadata) }),
      [],
    );
  });

  it("$by_correlation_id – takes the property that its query names", () => {
    assert.equal(byId('{"talk":"t"}', '{"correlationIdProperty":"talk"}')[0]?.stream, "$bc-t");
    assert.equal(byId('{"$correlationId":"t"}', "")[0]?.stream, "$bc-t");
    assert.throws(() => byId("{}", '{"other":1}'), ProjectionFault);
  });
});

describe("system projections", () => {
  it("system projections – come in the order of their ids, over all streams", () => {
    assert.deepEqual(
      systemProjections.map((p) => p.name),
      ["$streams", "$stream_by_category", "$by_category", "$by_event_type", "$by_correlation_id"],
    );
    for (const { compile, query } of systemProjections) {
      const { definition } = compile(query);
      assert.ok(definition.allStreams && definition.allEvents);
    }
  });
});
