import { styleText } from "node:util";

/** Colors that mean something: done or added, changed or to be looked at, taken away or wrong, said beside the matter. */
export type Color = "green" | "yellow" | "red" | "dim" | "bold";

/** Gives a text a color, where there are colors. */
export type Paint = (color: Color, text: string) => string;

export const plain: Paint = (_color, text) => text;

export const colored: Paint = (color, text) => styleText(color, text, { validateStream: false });

/** Colors are for a terminal that has them, and for who has not asked for none (https://no-color.org). */
export const paintFor = (isTerminal: boolean, environment: NodeJS.ProcessEnv): Paint =>
  isTerminal && !environment["NO_COLOR"] && environment["TERM"] !== "dumb" ? colored : plain;
