/**
 * A picture as data: views draw it, and files hold it. Colors have names here, since a view takes them from the theme and a
 * file cannot.
 */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  /** What stays in sight above the rest, so high. */
  readonly head: { readonly height: number; readonly shapes: readonly Shape[] };
  readonly shapes: readonly Shape[];
}

/** What a shape is colored as. */
export type Ink = "line" | "text" | "faint" | "failure" | "warning" | "box" | Lane;

/** One of the colors that components are told apart by; with them they have their names. */
export type Lane = `lane-${0 | 1 | 2 | 3 | 4 | 5}`;

export type Shape = Box | Line | Label;

interface Box {
  readonly kind: "box";
  /** The node that it stands for: picked by a click, marked when it is the active one. */
  readonly key?: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly ink: Ink;
  /** Shown when the pointer rests on it. */
  readonly title?: string;
  readonly isDashed?: boolean;
}

/** Straight pieces through the points. */
interface Line {
  readonly kind: "line";
  readonly points: readonly (readonly [number, number])[];
  readonly ink: Ink;
  /** What its last point has. */
  readonly end?: "arrow" | "cross";
  readonly isDashed?: boolean;
  readonly width?: number;
}

interface Label {
  readonly kind: "label";
  readonly x: number;
  /** Of the line that it stands on. */
  readonly y: number;
  readonly text: string;
  readonly ink: Ink;
  readonly anchor?: "middle" | "end";
  readonly isStrong?: boolean;
  /** It may stand on lines: what lies behind keeps a distance. */
  readonly hasHalo?: boolean;
}

/** About as wide as a character is on the average, in a font of 12 pixels. */
const CHARACTER = 6.6;

/** The type's name; where that does not fit, what stands behind its last dot. */
export function fittedType(type: string, pixels: number): string {
  if (type.length * CHARACTER <= pixels) return type;
  return fitted(type.slice(type.lastIndexOf(".") + 1), pixels);
}

export function laneColor(index: number): Lane {
  return `lane-${(index % 6) as 0 | 1 | 2 | 3 | 4 | 5}`;
}

/** What fits into so many pixels; cut in the middle, since names begin and end differently. */
export function fitted(text: string, pixels: number): string {
  const most = Math.max(3, Math.floor(pixels / CHARACTER));
  const characters = [...text.replaceAll(/\s+/g, " ")];
  if (characters.length <= most) return characters.join("");
  const tail = Math.ceil((most - 1) * 0.6);
  return `${characters.slice(0, most - 1 - tail).join("")}…${characters.slice(characters.length - tail).join("")}`;
}
