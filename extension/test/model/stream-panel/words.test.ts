import assert from "node:assert/strict";
import { test } from "node:test";
import { ENCODERS, formatFor } from "../../../src/stream-panel/model/export/formats.ts";
import { eventDocument } from "../../../src/events/event-document.ts";
import { fixtureOf } from "../../../src/events/fixture.ts";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PANEL_ACTIONS } from "../../../src/stream-panel/model/panel-action.ts";
import { newDraftText } from "../../../src/drafts/event-draft.ts";
import { shortName } from "../../../src/events/short-name.ts";
import { actionFor } from "../../../src/stream-panel/model/grid-keys.ts";
import { parseJumpTarget } from "../../../src/stream-panel/model/jump-target.ts";
import { parsePanelState } from "../../../src/stream-panel/model/panel-state.ts";
import { Rate } from "../../../src/stream-panel/model/rate.ts";
import { parseToHost, parseToView, type ToHost } from "../../../src/stream-panel/protocol.ts";
import { detailsOf } from "../../../src/stream-panel/host/event-details.ts";
import { DetailsReader } from "../../../src/stream-panel/view/details-reader.ts";
import { rowOf } from "../../../src/stream-panel/model/row.ts";
import { recorded } from "./memory-store.ts";

const entries = [
  { recorded: recorded("s", 0, { data: '{ "id": 9007199254740993,\n "a": "x,\\"y" }', created: 0 }) },
  { recorded: recorded("s", 1, { bytes: Uint8Array.from([0, 255]), isJson: false, type: "=CMD()", created: 1 }) },
  {
    recorded: recorded("l", 0, { type: "$>", data: "1@s", isJson: false }),
    target: recorded("s", 1, { data: "{broken", created: 2 }),
  },
];
const exported = (format: keyof typeof ENCODERS, count = entries.length): string => {
  const { head, entry, tail } = ENCODERS[format];
  return head + entries.slice(0, count).map(entry).join("") + tail;
};

test("export – NDJSON has an event to a line, each number with its digits and each body in a form that can be read back", () => {
  const lines = exported("ndjson").trimEnd().split("\n");
  assert.equal(lines.length, 3);
  assert.match(lines[0]!, /"data":\{"id":9007199254740993,"a":"x,\\"y"\}/);
  const [first, second, third] = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  assert.equal(first!["revision"], "0");
  assert.deepEqual(second!["data"], { base64: "AP8=" });
  assert.equal(third!["link"], "0@l");
  assert.equal(third!["data"], "{broken");
});

test("export – JSON is one list, also of nothing", () => {
  assert.equal((JSON.parse(exported("json")) as unknown[]).length, 3);
  assert.deepEqual(JSON.parse(exported("json", 0)), []);
});

test("export – CSV quotes what needs it, and hands no formula to a spreadsheet", () => {
  const lines = exported("csv").split("\r\n");
  assert.equal(lines[0], "id,type,stream,revision,commit,prepare,created,link,data,metadata");
  assert.ok(lines[1]!.includes('"{""id"":9007199254740993,""a"":""x,\\""y""}"'), lines[1]);
  assert.ok(lines[2]!.includes(",'=CMD(),"), lines[2]);
});

test("export – the file's name says the format", () => {
  assert.deepEqual(["a.json", "b.CSV", "c.ndjson", "d", "e.txt"].map(formatFor), [
    "json",
    "csv",
    "ndjson",
    "ndjson",
    "ndjson",
  ]);
});

test("fixture – a TypeScript literal, in which large whole numbers are bigints", async () => {
  const event = recorded("s", 0, { data: '{"id":9007199254740993,"a b":1.10,"ok":true,"__proto__":{}}', metadata: {} });
  assert.equal(
    await fixtureOf(event),
    `{
  type: "Happened",
  id: "00000000-0000-4000-8000-000000000000",
  data: {
    id: 9007199254740993n,
    "a b": 1.10,
    ok: true,
    ["__proto__"]: {}
  },
  metadata: {},
}`,
  );
  assert.match(
    await fixtureOf(recorded("s", 0, { bytes: Uint8Array.from([1, 2]), isJson: false })),
    /Uint8Array\.from\(\[1, 2\]\)/,
  );
});

test("comparison – two events that say the same in another order are the same but for their places", async () => {
  const [a, b] = await Promise.all(
    ['{"a":1,"b":[9007199254740993]}', '{"b":[9007199254740993],"a":1}'].map((data) =>
      eventDocument(recorded("s", 0, { data }), { isSorted: true }),
    ),
  );
  assert.equal(a, b);
  assert.match(a!, /9007199254740993/);
});

test("a body that begins as text and is none is told by its bytes, whatever is made of it", async () => {
  const bytes = Uint8Array.from([...new TextEncoder().encode(`{"text":"${"y".repeat(600)}`), 0xff, 0x22, 0x7d]);
  const event = recorded("s", 0, { bytes });
  assert.match(await fixtureOf(event), /Uint8Array\.from\(\[123, 34, .* 255, 34, 125\]\)/);
  const document = JSON.parse(await eventDocument(event, { isSorted: false })) as { data: readonly string[] };
  assert.match(document.data[0]!, /^00000000 {2}7b 22 74 65/);
  assert.match(await newDraftText({ connection: "local", stream: "s", id: "x", like: event }), /"data": \{\}/);
});

test("jump – numbers, positions, times and ages are told apart, and anything else is refused", () => {
  const now = new Date(2026, 0, 31, 12, 0).getTime();
  const target = (text: string, source: Parameters<typeof parseJumpTarget>[1] = { stream: "s" }) => {
    const parsed = parseJumpTarget(text, source, now);
    return parsed?.kind === "time" ? parsed.time : parsed?.spot;
  };
  assert.deepEqual(target("#012"), { revision: "12" });
  assert.deepEqual(target("9007199254740993", { all: true }), {
    commit: "9007199254740993",
    prepare: "9007199254740993",
  });
  assert.deepEqual(target("C:5/P:4", { all: true }), { commit: "5", prepare: "4" });
  assert.deepEqual(target("9999999999999999999"), { revision: "9223372036854775807" }, "no stream goes further");
  assert.equal(target("end"), "end");
  assert.equal(target("-15m"), now - 900_000);
  assert.equal(target("9:30"), new Date(2026, 0, 31, 9, 30).getTime());
  assert.equal(target("2026-01-02"), new Date(2026, 0, 2).getTime());
  assert.equal(target("2026-01-02 10:00"), new Date(2026, 0, 2, 10).getTime());
  assert.equal(target("2026-01-02T10:00Z"), Date.UTC(2026, 0, 2, 10));
  for (const text of ["", "C:5/P:4", "soon", "-5y", "2026-13-45", "12345678901234567890"])
    assert.equal(target(text), undefined, text);
});

test("keys – those of VS Code's lists", () => {
  const action = (key: string, held = "") =>
    actionFor({ key, isShift: held === "shift", isCtrl: held === "ctrl", isAlt: held === "alt" }, 20);
  assert.deepEqual(action("PageUp"), { kind: "move", by: -20, extends: false });
  assert.deepEqual(action("ArrowDown", "shift"), { kind: "move", by: 1, extends: true });
  assert.deepEqual(action("Home"), { kind: "first", extends: false });
  assert.deepEqual(action("End", "ctrl"), { kind: "end" });
  for (const key of ["ArrowLeft", "Home"]) assert.equal(action(key, "alt"), undefined, "VS Code's own, or a command's");
  assert.equal(action("x"), undefined);
});

test("names – a thousand characters are cut where they tell least", () => {
  assert.equal(shortName("order-1"), "order-1");
  const short = shortName(`order-${"x".repeat(990)}-17`);
  assert.equal(short.length, 60);
  assert.match(short, /^order-x+…x+-17$/);
  assert.equal(shortName("a\nb"), "a b");
});

test("keys – each of a panel's commands has one that is its own there", () => {
  const { contributes } = JSON.parse(readFileSync(join(import.meta.dirname, "../../../package.json"), "utf8")) as {
    contributes: { keybindings: { command: string; key: string; when: string }[] };
  };
  const own = contributes.keybindings.filter(({ command }) => command.startsWith("sluice.stream."));
  assert.ok(own.every(({ when }) => when.startsWith("activeWebviewPanelId == 'sluice.stream'")));
  const bound = new Set(own.map(({ command }) => command));
  assert.deepEqual(
    PANEL_ACTIONS.filter((action) => !bound.has(`sluice.stream.${action}`)),
    [],
  );
  assert.equal(new Set(own.map(({ key }) => key)).size, own.length);
});

test("rate – of the last seconds, from zero where a count begins anew", () => {
  const rate = new Rate(5_000);
  for (let second = 0; second <= 10; second++) rate.saw(second * 1_000, second * 1_000);
  assert.equal(Math.round(rate.perSecond(10_000)), 1_000);
  assert.equal(rate.perSecond(30_000), 0);
  rate.saw(5, 31_000);
  assert.equal(rate.perSecond(31_500), 0);
});

test("protocol – what is no message of it is dropped", () => {
  for (const message of [
    undefined,
    null,
    5,
    {},
    { kind: "page" },
    { kind: "details", request: 1, source: {}, place: {} },
  ]) {
    assert.equal(parseToHost(message), undefined);
    assert.equal(parseToView(message), undefined);
  }
  assert.equal(parsePanelState({ at: 5 }), undefined);
});

test("details – what is no JSON though it was written as such is shown as it stands, and told why", () => {
  const bodyOf = (made: Parameters<typeof recorded>[2]) =>
    detailsOf({ stream: "s" }, { recorded: recorded("s", 0, made) }).event.data;
  const broken = bodyOf({ data: '{"a":  1,\n  oops}' });
  assert.equal(broken.text, '{"a":  1,\n  oops}');
  assert.match(broken.problem ?? "", /JSON/);
  assert.equal(bodyOf({ data: '{"a": 1}' }).problem, undefined);
  assert.equal(bodyOf({ data: "oops", isJson: false }).problem, undefined);
});

test("details – of bytes they say how many are shown, not how long their dump is", () => {
  const { data } = detailsOf(
    { stream: "s" },
    { recorded: recorded("s", 0, { bytes: new Uint8Array(5_000_000).fill(255), isJson: false }) },
  ).event;
  assert.deepEqual([data.shown, data.size, data.isCut], [4096, 5_000_000, true]);
});

test("details – a reading that fails says why, and another one begins anew", () => {
  const posted: ToHost[] = [];
  let requests = 0;
  const reader = new DetailsReader(
    (message) => posted.push(message),
    () => ++requests,
  );
  const failed = (request: number) =>
    reader.fail({ kind: "failed", request, failure: { kind: "other", message: "no rights" } });
  reader.read({ stream: "s" }, { revision: "1" });
  assert.equal(failed(7), false);
  assert.equal(failed(1), true);
  assert.deepEqual([reader.failure, reader.details], ["no rights", undefined]);
  reader.read({ stream: "s" }, { revision: "1" });
  assert.equal(reader.failure, undefined);
  reader.receive({ kind: "details", request: 2, details: null });
  assert.equal(reader.details, null);
});

test("large bodies – of JSON of 5 MB a row and the details take a little, the rest is laid out while others have their turn", async () => {
  const lines = Array.from({ length: 55_000 }, (_, id) => ({
    id,
    name: `customer ${id}`,
    lines: [1, 2, 3],
    note: null,
  }));
  const data = JSON.stringify({ lines, exact: 0 }).replace('"exact":0', '"exact":9007199254740993');
  assert.ok(data.length > 3_500_000);
  const pad = `,"pad":"${"x".repeat(5 * 2 ** 20 - data.length)}"}`;
  const event = recorded("s", 0, { data: data.slice(0, -1) + pad });
  assert.ok(rowOf({ stream: "s" }, { recorded: event }, false).preview.length <= 200);
  const { text, size, isCut } = detailsOf({ stream: "s" }, { recorded: event }).event.data;
  assert.deepEqual([text.length, size, isCut], [2 ** 16, event.data.length, true]);
  for (const layOut of [
    () => eventDocument(event, { isSorted: false }),
    () => eventDocument(event, { isSorted: true }),
    () => fixtureOf(event),
  ]) {
    let turns = 0;
    const others = setInterval(() => turns++);
    const laidOut = await layOut();
    clearInterval(others);
    assert.ok(turns > 5, `others had ${turns} turns`);
    assert.ok(laidOut.length > size && laidOut.includes("9007199254740993"));
  }
});
