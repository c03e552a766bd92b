import { Uri } from "vscode";
import type { Color } from "./connection.ts";

/** As the theme colors `sluice.*` of the manifest are in dark and light themes: an icon of a tab knows no theme's colors. */
const COLORS: Readonly<Record<Color, readonly [dark: string, light: string]>> = {
  red: ["#F48771", "#B01011"],
  orange: ["#E8A64B", "#8A5200"],
  yellow: ["#E5D36A", "#6E6000"],
  green: ["#89D185", "#1E6B2B"],
  blue: ["#75BEFF", "#0B5CAD"],
  purple: ["#CE9CEC", "#7A2DB0"],
};

/** The environment's color on a panel's tab; none where it has none. */
export function tabIcon(color: Color | undefined): { readonly dark: Uri; readonly light: Uri } | undefined {
  if (color === undefined) return undefined;
  const [dark, light] = COLORS[color];
  return { dark: dot(dark), light: dot(light) };
}

function dot(color: string): Uri {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="8" cy="8" r="5" fill="${color}"/></svg>`;
  return Uri.parse(`data:image/svg+xml;base64,${btoa(svg)}`);
}
