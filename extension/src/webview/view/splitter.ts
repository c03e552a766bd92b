import { html, type TemplateResult } from "lit";

export interface Splitter {
  readonly label: string;
  readonly orientation: "vertical" | "horizontal";
  /** Where it stands, in percent or pixels, with what it may be. */
  readonly value: number;
  readonly min: number;
  readonly max: number;
  /** How far an arrow key moves it. */
  readonly step: number;
  /** Pixels that the pointer has moved since it was pressed, in the unit of {@link value}. */
  readonly valueAt: (event: PointerEvent) => number;
  readonly onChange: (value: number) => void;
}

/** A line between two panes that pointer and arrow keys move. */
export function splitter(options: Splitter): TemplateResult {
  const { label, orientation, value, min, max, step, valueAt, onChange } = options;
  const change = (to: number): void => onChange(Math.min(max, Math.max(min, to)));
  const [less, more] = orientation === "vertical" ? ["ArrowLeft", "ArrowRight"] : ["ArrowUp", "ArrowDown"];
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === less || event.key === more) {
      change(value + (event.key === less ? -step : step));
      event.preventDefault();
      event.stopPropagation();
    }
  };
  const onDown = (event: PointerEvent): void => {
    const line = event.currentTarget as HTMLElement;
    line.setPointerCapture(event.pointerId);
    const onMove = (moved: PointerEvent): void => change(valueAt(moved));
    line.addEventListener("pointermove", onMove);
    line.addEventListener("lostpointercapture", () => line.removeEventListener("pointermove", onMove), { once: true });
    event.preventDefault();
  };
  return html`<div
    class="splitter ${orientation}"
    role="separator"
    tabindex="0"
    aria-label=${label}
    aria-orientation=${orientation}
    aria-valuenow=${Math.round(value)}
    aria-valuemin=${min}
    aria-valuemax=${max}
    @keydown=${onKey}
    @pointerdown=${onDown}
  ></div>`;
}
