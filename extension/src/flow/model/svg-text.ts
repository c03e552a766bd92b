import type { Drawing, Ink, Shape } from "./drawing.ts";

/** The color that each name stands for, as CSS writes it, and what lies behind. */
export type Palette = Readonly<Record<Ink | "background", string>>;

const ARROW = 6;

/** The drawing as a file of its own, that needs nothing beside it. */
export function svgText(drawing: Drawing, palette: Palette, title: string): string {
  const { width, height, head } = drawing;
  const whole = height + head.height;
  const part = (shapes: readonly Shape[]): string[] => shapes.flatMap((shape) => shapeText(shape, palette));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${whole}" viewBox="0 0 ${width} ${whole}">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${whole}" fill="${escaped(palette.background)}"/>`,
    `<g font-family="system-ui, 'Segoe UI', Helvetica, Arial, sans-serif" font-size="12">`,
    ...part(head.shapes),
    `<g transform="translate(0 ${head.height})">`,
    ...part(drawing.shapes),
    "</g>",
    "</g>",
    "</svg>",
    "",
  ].join("\n");
}

function shapeText(shape: Shape, palette: Palette): readonly string[] {
  const color = escaped(palette[shape.ink]);
  switch (shape.kind) {
    case "box": {
      const { x, y, width, height, key, title = "", isDashed = false, ink } = shape;
      // What only marks a place to click is nothing to look at.
      if (key !== undefined && ink === "line") return [];
      const dash = isDashed ? ` stroke-dasharray="4 3"` : "";
      const paint = key === undefined && ink !== "box" ? `fill="${color}"` : `fill="none" stroke="${color}"${dash}`;
      const inside = title === "" ? "/>" : `><title>${escaped(title)}</title></rect>`;
      return [`<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="2" ${paint}${inside}`];
    }
    case "line": {
      const { points, end, isDashed = false, width = 1 } = shape;
      const dash = isDashed ? ` stroke-dasharray="4 3"` : "";
      const at = points.map(([x, y]) => `${x},${y}`).join(" ");
      return [
        `<polyline points="${at}" fill="none" stroke="${color}" stroke-width="${width}"${dash}/>`,
        ...(end === undefined
          ? []
          : [`<path d="${endPath(points, end)}" fill="none" stroke="${color}" stroke-width="1.5"/>`]),
      ];
    }
    case "label": {
      const { x, y, text, anchor = "start", isStrong = false, hasHalo = false } = shape;
      const weight = isStrong ? ` font-weight="600"` : "";
      const halo = hasHalo ? ` paint-order="stroke" stroke-width="5" stroke="${escaped(palette.background)}"` : "";
      return [
        `<text x="${x}" y="${y}" text-anchor="${anchor}" fill="${color}"${weight}${halo}>${escaped(text)}</text>`,
      ];
    }
  }
}

/** The head of an arrow, or a cross, at the end of the last piece. */
export function endPath(points: readonly (readonly [number, number])[], end: "arrow" | "cross"): string {
  const [x, y] = points.at(-1) ?? [0, 0];
  const [fromX] = points.at(-2) ?? [x, y];
  if (end === "cross") {
    const middle = x - Math.sign(x - fromX) * ARROW;
    return `M${middle - 5},${y - 5}l10,10M${middle - 5},${y + 5}l10,-10`;
  }
  const back = x >= fromX ? -ARROW : ARROW;
  return `M${x + back},${y - 4}L${x},${y}L${x + back},${y + 4}`;
}

function escaped(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, " ").replaceAll(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
