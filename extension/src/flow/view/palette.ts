import type { Palette } from "../model/svg-text.ts";

const NAMES = [
  "background",
  "line",
  "text",
  "faint",
  "failure",
  "warning",
  "box",
  "lane-0",
  "lane-1",
  "lane-2",
  "lane-3",
  "lane-4",
  "lane-5",
] as const;

/** The theme's colors as they are now, for a file that knows no theme. */
export function themePalette(): Palette {
  const style = getComputedStyle(document.body);
  const colors = NAMES.map((name) => [name, style.getPropertyValue(`--ink-${name}`).trim()] as const);
  return Object.fromEntries(colors) as Palette;
}
