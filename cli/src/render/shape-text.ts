import { type ComponentShape, queueOf } from "@sluice/transport/topology";
import type { Paint } from "../terminal/paint.ts";

/** Components as they are declared, for a person. Pure. */
export const shapesText = (shapes: readonly ComponentShape[], paint: Paint): string =>
  shapes.map((shape) => shapeLines(shape, paint).join("\n")).join("\n\n");

function shapeLines(shape: ComponentShape, paint: Paint): readonly string[] {
  const { name, commands, replies, events, categories, messageTimeout } = shape;
  const part = (title: string, lines: readonly string[]): readonly string[] =>
    lines.length === 0 ? [] : [`  ${paint("dim", title)}`, ...lines.map((line) => `    ${line}`)];
  const withFrom = (from: Readonly<Record<string, string>>): readonly string[] =>
    Object.entries(from).map(([one, when]) => (when === "now" ? one : `${one} from the start`));
  return [
    paint("bold", name),
    ...part("receives from", [`${queueOf(name).stream}, given back after ${messageTimeout} ms`]),
    ...part("handles the commands", commands),
    ...part("handles the replies", replies),
    ...part("subscribes to", withFrom(events)),
    ...part("owns the categories", withFrom(categories)),
  ];
}
