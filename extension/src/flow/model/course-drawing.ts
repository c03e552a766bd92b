import { type Drawing, fitted, type Shape } from "./drawing.ts";
import { formatDuration } from "./duration.ts";
import type { CourseStep, FieldChange } from "./instance-course.ts";

const AXIS = 220;
const BOX = 300;
const LINE = 16;
const MARGIN = 16;
/** More changes than these stand in the table only. */
const SHOWN = 4;

export interface CourseNames {
  /** The type of the message that an event was caused by; undefined where nobody knows it. */
  readonly causeOf: (step: CourseStep) => string | undefined;
  /** How many more values are not drawn. */
  readonly more: (count: number) => string;
  readonly stored: string;
  /** Whether the event belongs to the conversation that is shown. */
  readonly isShown: (step: CourseStep) => boolean;
}

/** The events of one stream from top to bottom: at the left what has led to each, at the right what it has changed. */
export function courseDrawing(steps: readonly CourseStep[], names: CourseNames): Drawing {
  const shapes: Shape[] = [];
  let y = MARGIN;
  let previous: CourseStep | undefined;
  for (const step of steps) {
    const lines = changeLines(step.changes, names.more);
    const height = 26 + lines.length * LINE + (step.snapshot === undefined ? 0 : LINE);
    shapes.push(...stepShapes(step, y, height, lines, names));
    if (previous !== undefined) {
      const waited = step.event.created - previous.event.created;
      shapes.push({ kind: "label", x: AXIS - 12, y: y - 3, text: formatDuration(waited), ink: "faint", anchor: "end" });
    }
    previous = step;
    y += height + 22;
  }
  const axis: Shape = {
    kind: "line",
    points: [
      [AXIS, MARGIN],
      [AXIS, Math.max(MARGIN, y - 22)],
    ],
    ink: "line",
    width: 2,
  };
  const height = Math.max(y, MARGIN * 2);
  return { width: AXIS + 24 + BOX + MARGIN, height, head: { height: 0, shapes: [] }, shapes: [axis, ...shapes] };
}

function stepShapes(
  step: CourseStep,
  y: number,
  height: number,
  lines: readonly string[],
  names: CourseNames,
): readonly Shape[] {
  const { event, isMessage, snapshot } = step;
  const x = AXIS + 24;
  const cause = names.causeOf(step);
  const isShown = names.isShown(step);
  const name = `${event.revision} ${event.type}${event.destination === undefined ? "" : ` → ${event.destination}`}`;
  return [
    {
      kind: "box",
      key: event.revision,
      x,
      y,
      width: BOX,
      height,
      ink: "box",
      title: name,
      isDashed: isMessage,
    },
    { kind: "box", x: AXIS - 5, y: y + 8, width: 10, height: 10, ink: isShown ? "lane-0" : "line" },
    {
      kind: "line",
      points: [
        [AXIS + 5, y + 13],
        [x, y + 13],
      ],
      ink: "line",
    },
    { kind: "label", x: x + 10, y: y + 17, text: fitted(name, BOX - 20), ink: "text", isStrong: !isMessage },
    ...lines.map((text, index): Shape => ({
      kind: "label",
      x: x + 10,
      y: y + 17 + (index + 1) * LINE,
      text: fitted(text, BOX - 20),
      ink: "faint",
    })),
    ...(snapshot === undefined
      ? []
      : [{ kind: "label", x: x + 10, y: y + height - 8, text: names.stored, ink: "lane-2" } as const]),
    ...(cause === undefined
      ? []
      : [
          {
            kind: "label",
            x: AXIS - 20,
            y: y + 17,
            text: fitted(cause, AXIS - 40),
            ink: "text",
            anchor: "end",
          } as const,
          {
            kind: "line",
            points: [
              [AXIS - 17, y + 13],
              [AXIS - 6, y + 13],
            ],
            ink: "line",
            end: "arrow",
          } as const,
        ]),
  ];
}

function changeLines(changes: readonly FieldChange[], more: (count: number) => string): readonly string[] {
  const shown = changes.slice(0, changes.length > SHOWN ? SHOWN - 1 : SHOWN).map(changeText);
  return changes.length > SHOWN ? [...shown, more(changes.length - shown.length)] : shown;
}

/** `$.total: 3 → 4`, or `$.total: 3` where it was not known before. */
export function changeText({ path, before, after }: FieldChange): string {
  return before === undefined ? `${path}: ${after}` : `${path}: ${before} → ${after}`;
}
