import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { causesOf } from "../../../src/flow/model/causes.ts";
import type { Drawing, Ink } from "../../../src/flow/model/drawing.ts";
import { flattened, type FlowNode, flowTree, type TreeOptions } from "../../../src/flow/model/flow-tree.ts";
import { sequenceMermaid, treeMermaid } from "../../../src/flow/model/mermaid.ts";
import { sequenceDrawing } from "../../../src/flow/model/sequence-drawing.ts";
import { sequenceOf } from "../../../src/flow/model/sequence.ts";
import { type Palette, svgText } from "../../../src/flow/model/svg-text.ts";
import { treeDrawing } from "../../../src/flow/model/tree-drawing.ts";
import type { FlowEvent, Parking } from "../../../src/flow/schemas.ts";
import { anyEvents, made } from "./made-events.ts";

const INKS: readonly Ink[] = ["line", "text", "faint", "failure", "warning", "box"];
const palette = Object.fromEntries(
  [...INKS, "background", ...Array.from({ length: 6 }, (_, index) => `lane-${index}`)].map((ink) => [ink, "#123456"]),
) as Palette;

const parked = (key: string, more: Partial<Parking> = {}): Parking => ({
  key,
  component: "billing",
  at: 5,
  exception: "CardRefused",
  message: "no money",
  attempts: 4,
  state: "parked",
  ...more,
});

function treeOf(events: readonly FlowEvent[], options: Partial<TreeOptions> = {}) {
  const causes = causesOf(events);
  const all: TreeOptions = { parkings: [], links: [], groupsFrom: 40, open: new Set(), ...options };
  return { causes, nodes: flowTree(causes, all) };
}

/** The events that nodes stand for; those of a group that is open stand below it. */
function keysIn(nodes: readonly FlowNode[]): readonly string[] {
  return flattened(nodes).flatMap(({ node }) =>
    node.kind === "event"
      ? [node.key]
      : node.kind === "group" && !node.isOpen
        ? node.members.map(({ event }) => event.key)
        : [],
  );
}

const anyTree = fc.record({ events: anyEvents, groupsFrom: fc.constantFrom(0, 40, 1_000), isOpen: fc.boolean() });

test("tree – any events stand in it once each, grouped or not", () => {
  fc.assert(
    fc.property(anyTree, ({ events, groupsFrom, isOpen }) => {
      const closed = treeOf(events, { groupsFrom });
      const groups = flattened(closed.nodes).flatMap(({ node }) => (node.kind === "group" ? [node.key] : []));
      const { nodes } = isOpen ? treeOf(events, { groupsFrom, open: new Set(groups) }) : closed;
      assert.deepEqual(keysIn(nodes).toSorted(), events.map(({ key }) => key).toSorted());
      const all = flattened(nodes).map(({ node }) => node.key);
      assert.equal(new Set(all).size, all.length, "a key is there twice");
    }),
  );
});

test("drawings – any events have a box of their own that covers no other, within the picture", () => {
  fc.assert(
    fc.property(anyTree, ({ events, groupsFrom }) => {
      const { causes, nodes } = treeOf(events, { groupsFrom });
      const tree = treeDrawing(nodes, ["sales", "billing", "shipping", "order"]);
      assert.deepEqual(
        boxes(tree)
          .map(({ key }) => key)
          .toSorted(),
        flattened(nodes)
          .map(({ node }) => node.key)
          .toSorted(),
      );
      assertApart(tree);
      const sequence = sequenceOf(nodes, causes);
      assert.deepEqual(
        sequence.steps.map(({ key }) => key).toSorted(),
        flattened(nodes)
          .flatMap(({ node }) => (node.kind === "missing" ? [] : [node.key]))
          .toSorted(),
      );
      assertApart(sequenceDrawing(sequence));
      svgText(tree, palette, "tree");
      treeMermaid(nodes);
      sequenceMermaid(sequence);
    }),
  );
});

test("sequence – messages stand in the order of the log", () => {
  fc.assert(
    fc.property(anyEvents, (events) => {
      const { causes, nodes } = treeOf(events, { groupsFrom: 1_000 });
      assert.deepEqual(
        sequenceOf(nodes, causes).steps.map(({ key }) => key),
        causes.map(({ event }) => event.key),
      );
    }),
  );
});

test("tree – a chain of thousands is drawn, too", () => {
  const events = Array.from({ length: 2_000 }, (_, index) => made(index, { causationId: `m${index - 1}` }));
  const { nodes } = treeOf(events);
  assert.equal(boxes(treeDrawing(nodes, ["sales"])).length, 2_001);
});

test("tree – of many events those alike that led to nothing are one, until it is opened", () => {
  const lines = Array.from({ length: 300 }, (_, index) => made(index + 1, { causationId: "m0", type: "LineAdded" }));
  const failed = made(301, { causationId: "m0", type: "LineAdded" });
  const { nodes } = treeOf([made(0, { type: "OrderPlaced" }), ...lines, failed], { parkings: [parked(failed.key)] });
  assert.deepEqual(
    flattened(nodes).map(({ node, depth }) => [node.kind, depth]),
    [
      ["event", 0],
      ["group", 1],
      ["event", 1],
    ],
  );
  const group = flattened(nodes)[1]!.node;
  const open = treeOf([made(0), ...lines], { open: new Set([group.key]) });
  assert.equal(flattened(open.nodes).length, 302);
});

test("tree – what several events miss stands above all of them", () => {
  const { nodes } = treeOf([made(0, { causationId: "gone" }), made(1, { causationId: "gone" })]);
  assert.deepEqual(
    nodes.map(({ kind, children }) => [kind, children.length]),
    [["missing", 2]],
  );
});

test("sequence – who handled an event is known by what followed, and who parked it by its parking", () => {
  const placed = made(0, { type: "OrderPlaced" });
  const charge = made(1, { causationId: "m0", party: "billing", destination: "payments", type: "ChargeCard" });
  const { causes, nodes } = treeOf([placed, charge], { parkings: [parked(charge.key, { component: "payments" })] });
  const { parties, steps } = sequenceOf(nodes, causes);
  assert.deepEqual(parties, ["sales", "billing", "payments"]);
  assert.deepEqual(
    steps.map(({ from, to, failed, remarks }) => [from, to, failed, remarks]),
    [
      ["sales", ["billing"], [], []],
      ["billing", ["payments"], ["payments"], ["Parked by payments: CardRefused: no money"]],
    ],
  );
});

test("files – what names hold cannot break out of them", () => {
  const type = `"><script>alert(1)</script>; %% #1\n:end`;
  const { causes, nodes } = treeOf([made(0, { type, party: "a & b" })]);
  const svg = svgText(treeDrawing(nodes, ["a & b"]), palette, type);
  assert.ok(!svg.includes("<script"));
  const text = sequenceMermaid(sequenceOf(nodes, causes));
  assert.deepEqual(text.trim().split("\n").length, 3);
  assert.ok(!/[<>"]/.test(text.replaceAll("->>", "")));
  assert.equal(treeMermaid(nodes).trim().split("\n").length, 3);
});

test("files – Mermaid draws who sent what to whom", () => {
  const placed = made(0, { type: "OrderPlaced", created: 0 });
  const charge = made(1, { causationId: "m0", party: "billing", destination: "payments", type: "Charge", created: 12 });
  const { causes, nodes } = treeOf([placed, charge], { parkings: [parked(charge.key, { component: "payments" })] });
  assert.equal(
    sequenceMermaid(sequenceOf(nodes, causes)),
    [
      "sequenceDiagram",
      "  participant p0 as sales",
      "  participant p1 as billing",
      "  participant p2 as payments",
      "  p0->>p1: OrderPlaced",
      "  p1-xp2: Charge #40;12 ms#41;",
      "  Note over p1: Parked by payments#58; CardRefused#58; no money",
      "",
    ].join("\n"),
  );
});

function boxes({ shapes }: Drawing) {
  return shapes.flatMap((shape) => (shape.kind === "box" && shape.key !== undefined ? [shape] : []));
}

function assertApart(drawing: Drawing): void {
  const all = boxes(drawing).toSorted((one, other) => one.y - other.y);
  for (const [index, { x, y, width, height }] of all.entries()) {
    assert.ok(x >= 0 && y >= 0 && x + width <= drawing.width && y + height <= drawing.height, "out of the picture");
    for (let next = index + 1; next < all.length && all[next]!.y < y + height; next++) {
      const other = all[next]!;
      assert.ok(other.x >= x + width || other.x + other.width <= x, "one covers another");
    }
  }
}
