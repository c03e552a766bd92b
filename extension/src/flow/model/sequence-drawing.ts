import { type Drawing, fitted, fittedType, type Ink, laneColor, type Shape } from "./drawing.ts";
import { formatDuration } from "./duration.ts";
import type { Sequence, SequenceStep } from "./sequence.ts";

const LANE = 200;
const ROW = 38;
const HEAD = 40;
/** At the left, for how long after the first event something was stored. */
const GUTTER = 84;
const MARGIN = 16;

/** A lane for each component, the messages as arrows between them, the oldest at the top. */
export function sequenceDrawing({ parties, steps }: Sequence): Drawing {
  const xOf = (party: string): number => GUTTER + LANE / 2 + Math.max(0, parties.indexOf(party)) * LANE;
  const width = GUTTER + Math.max(1, parties.length) * LANE + MARGIN;
  const height = steps.length * ROW + MARGIN;
  const lanes = parties.map((party): Shape => ({
    kind: "line",
    points: [
      [xOf(party), 0],
      [xOf(party), height],
    ],
    ink: "faint",
    isDashed: true,
  }));
  const head = parties.flatMap((party, index): readonly Shape[] => [
    { kind: "box", x: xOf(party) - LANE / 2 + 10, y: 6, width: LANE - 20, height: 28, ink: "box", title: party },
    { kind: "box", x: xOf(party) - LANE / 2 + 10, y: 30, width: LANE - 20, height: 4, ink: laneColor(index) },
    {
      kind: "label",
      x: xOf(party),
      y: 23,
      text: fitted(party, LANE - 36),
      ink: "text",
      anchor: "middle",
      isStrong: true,
    },
  ]);
  const rows = steps.flatMap((step, index) => row(step, index * ROW, width, xOf));
  return { width, height, head: { height: HEAD, shapes: head }, shapes: [...lanes, ...rows] };
}

function row(step: SequenceStep, top: number, width: number, xOf: (party: string) => number): readonly Shape[] {
  const y = top + 26;
  const from = xOf(step.from);
  const ink: Ink = step.failed.length > 0 ? "failure" : step.remarks.length > 0 ? "warning" : "text";
  const latency = step.latency === undefined ? "" : ` (${formatDuration(step.latency)})`;
  const others = step.to.filter((party) => party !== step.from);
  const arrows = others.map((party): Shape => ({
    kind: "line",
    points: [
      [from, y],
      [xOf(party), y],
    ],
    ink: ink === "text" ? "line" : ink,
    end: step.failed.includes(party) ? "cross" : "arrow",
    isDashed: step.isCopy,
  }));
  const isLoop = step.to.includes(step.from);
  const loop: readonly Shape[] = isLoop
    ? [
        {
          kind: "line",
          points: [
            [from, y - 6],
            [from + 24, y - 6],
            [from + 24, y + 4],
            [from, y + 4],
          ],
          ink: ink === "text" ? "line" : ink,
          end: step.failed.includes(step.from) ? "cross" : "arrow",
          isDashed: step.isCopy,
        },
      ]
    : [];
  const dot: Shape = { kind: "box", x: from - 3, y: y - 3, width: 6, height: 6, ink: ink === "text" ? "line" : ink };
  const farthest = others.map(xOf).sort((one, other) => Math.abs(other - from) - Math.abs(one - from))[0];
  const label: Shape =
    farthest === undefined
      ? {
          kind: "label",
          x: from + (isLoop ? 30 : 8),
          y: y + 4,
          text: fittedType(step.name, LANE - 40 - latency.length * 6.6) + latency,
          hasHalo: true,
          ink,
        }
      : {
          kind: "label",
          x: (from + farthest) / 2,
          y: y - 6,
          text: fittedType(step.name, Math.abs(farthest - from) - 12 - latency.length * 6.6) + latency,
          hasHalo: true,
          ink,
          anchor: "middle",
        };
  return [
    {
      kind: "box",
      key: step.key,
      x: 2,
      y: top + 4,
      width: width - 4,
      height: ROW - 4,
      ink: "line",
      title: [step.name, ...step.remarks].join("\n"),
    },
    { kind: "label", x: GUTTER - 12, y: y + 4, text: `+${formatDuration(step.offset)}`, ink: "faint", anchor: "end" },
    ...arrows,
    ...loop,
    dot,
    label,
  ];
}
