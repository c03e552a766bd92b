import { html, nothing, svg, type TemplateResult } from "lit";
import type { Drawing, Shape } from "../model/drawing.ts";
import { endPath } from "../model/svg-text.ts";

export interface DrawingState {
  readonly drawing: Drawing;
  readonly label: string;
  readonly zoom: number;
  readonly active: string | undefined;
  readonly onPick: (key: string) => void;
}

/** A drawing in the theme's colors. To a reader of the screen it is one picture; the table beside it says the same. */
export function drawingTemplate({ drawing, label, zoom, active, onPick }: DrawingState): TemplateResult {
  const { width, height, head, shapes } = drawing;
  const onClick = (event: MouseEvent): void => {
    const key = (event.target as Element).closest("[data-key]")?.getAttribute("data-key");
    if (key !== undefined && key !== null) onPick(key);
  };
  return html`<div class="drawing" tabindex="0" role="group" aria-label=${label}>
    ${
      head.height === 0
        ? nothing
        : html`<div class="drawing-head" aria-hidden="true">
            ${picture(width, head.height, zoom, nothing, head.shapes, undefined)}
          </div>`
    }
    <div @click=${onClick}>${picture(width, height, zoom, label, shapes, active)}</div>
  </div>`;
}

function picture(
  width: number,
  height: number,
  zoom: number,
  label: string | typeof nothing,
  shapes: readonly Shape[],
  active: string | undefined,
): TemplateResult {
  return html`<svg
    role=${label === nothing ? nothing : "img"}
    aria-label=${label}
    width=${width * zoom}
    height=${height * zoom}
    viewBox="0 0 ${width} ${height}"
  >
    ${shapes.map((shape) => shapeTemplate(shape, active))}
  </svg>`;
}

function shapeTemplate(shape: Shape, active: string | undefined): TemplateResult {
  switch (shape.kind) {
    case "box": {
      const { x, y, width, height, ink, key, title = "", isDashed = false } = shape;
      const kind = key === undefined ? (ink === "box" ? "framed" : "filled") : ink === "line" ? "place" : "node";
      const isActive = key !== undefined && key === active;
      return svg`<rect
        class="${kind} ink-${ink} ${isDashed ? "dashed" : ""} ${isActive ? "active" : ""}"
        data-key=${key ?? nothing}
        x=${x} y=${y} width=${width} height=${height} rx="2"
      >${title === "" ? nothing : svg`<title>${title}</title>`}</rect>`;
    }
    case "line": {
      const { points, ink, end, isDashed = false, width = 1 } = shape;
      return svg`<polyline class="ink-${ink} ${isDashed ? "dashed" : ""}" points=${points.map(([x, y]) => `${x},${y}`).join(" ")} stroke-width=${width}></polyline>
        ${end === undefined ? nothing : svg`<path class="ink-${ink}" d=${endPath(points, end)}></path>`}`;
    }
    case "label": {
      const { x, y, text, ink, anchor = "start", isStrong = false, hasHalo = false } = shape;
      return svg`<text class="ink-${ink} ${isStrong ? "strong" : ""} ${hasHalo ? "halo" : ""}" x=${x} y=${y} text-anchor=${anchor}>${text}</text>`;
    }
  }
}
