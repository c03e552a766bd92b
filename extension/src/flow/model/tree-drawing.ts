import type { CausedEvent } from "./causes.ts";
import { type Drawing, fitted, fittedType, type Ink, laneColor, type Shape } from "./drawing.ts";
import { formatDuration } from "./duration.ts";
import { flattened, type FlowNode } from "./flow-tree.ts";
import { hasFailed, nodeName, remarksOf } from "./words.ts";

const BOX = { width: 212, height: 40 } as const;
/** Between a cause and what it has led to, with room for how long that took; and between one below the other. */
const GAP = { across: 76, down: 12 } as const;
const MARGIN = 16;

/** The tree of causes from left to right, each node in the middle of those that it has led to. */
export function treeDrawing(nodes: readonly FlowNode[], parties: readonly string[]): Drawing {
  const placed = flattened(nodes);
  const xOf = (depth: number): number => MARGIN + depth * (BOX.width + GAP.across);
  const middles = new Map<FlowNode, number>();
  const middleOf = (node: FlowNode): number => middles.get(node) ?? 0;
  let bottom = MARGIN;
  for (const { node } of placed) {
    if (node.children.length > 0) continue;
    middles.set(node, bottom + BOX.height / 2);
    bottom += BOX.height + GAP.down;
  }
  // From the last to the first, so that those below have their places.
  for (const { node } of placed.toReversed()) {
    const [first, last = first] = [node.children[0], node.children.at(-1)];
    if (first !== undefined && last !== undefined) middles.set(node, (middleOf(first) + middleOf(last)) / 2);
  }
  const shapes = placed.flatMap(({ node, depth }): readonly Shape[] => [
    ...node.children.flatMap((child) => edge(xOf(depth) + BOX.width, middleOf(node), middleOf(child), child)),
    ...box(node, xOf(depth), middleOf(node) - BOX.height / 2, parties),
  ]);
  const right = placed.reduce((most, { depth }) => Math.max(most, xOf(depth) + BOX.width), 0);
  return { width: right + MARGIN, height: bottom - GAP.down + MARGIN, head: { height: 0, shapes: [] }, shapes };
}

function edge(x: number, from: number, to: number, child: FlowNode): readonly Shape[] {
  const bend = x + 14;
  const end = x + GAP.across;
  const isCopy = child.kind === "event" && child.caused.way !== "handled";
  const points: readonly (readonly [number, number])[] =
    from === to
      ? [
          [x, from],
          [end, to],
        ]
      : [
          [x, from],
          [bend, from],
          [bend, to],
          [end, to],
        ];
  const latency = child.kind === "event" ? child.caused.latency : undefined;
  return [
    { kind: "line", points, ink: "line", end: "arrow", isDashed: isCopy || child.kind === "link" },
    ...(latency === undefined
      ? []
      : [
          {
            kind: "label",
            x: end - 10,
            y: to - 4,
            text: formatDuration(latency),
            ink: "faint",
            anchor: "end",
          } as const,
        ]),
  ];
}

function box(node: FlowNode, x: number, y: number, parties: readonly string[]): readonly Shape[] {
  const name = nodeName(node);
  const room = BOX.width - 18;
  const party = partyOf(node);
  const ink = inkOf(node);
  const titles = [name, ...(node.kind === "event" ? remarksOf(node.caused, node.parkings) : [])];
  const stripe: readonly Shape[] =
    party === undefined
      ? []
      : [{ kind: "box", x, y, width: 4, height: BOX.height, ink: laneColor(parties.indexOf(party)) }];
  return [
    {
      kind: "box",
      key: node.key,
      x,
      y,
      ...BOX,
      ink,
      title: titles.join("\n"),
      isDashed: node.kind === "missing" || node.kind === "link",
    },
    ...stripe,
    { kind: "label", x: x + 11, y: y + 17, text: fittedType(name, room), ink: "text", isStrong: true },
    { kind: "label", x: x + 11, y: y + 32, text: fitted(below(node), room), ink: ink === "box" ? "faint" : ink },
  ];
}

function inkOf(node: FlowNode): Ink {
  if (node.kind === "missing") return "warning";
  if (node.kind !== "event") return "box";
  if (hasFailed(node.parkings)) return "failure";
  return remarksOf(node.caused, node.parkings).length > 0 ? "warning" : "box";
}

function partyOf(node: FlowNode): string | undefined {
  return node.kind === "event" ? node.caused.event.party : node.kind === "group" ? node.party : undefined;
}

function below(node: FlowNode): string {
  switch (node.kind) {
    case "event": {
      const [remark] = remarksOf(node.caused, node.parkings);
      return remark ?? way(node.caused);
    }
    case "group":
      return node.party;
    case "missing":
    case "link":
      return "";
  }
}

function way({ event: { party, destination } }: CausedEvent): string {
  return destination === undefined ? party : `${party} → ${destination}`;
}
