/** Colors that mean something: done or added, changed or to be looked at, taken away or wrong, said beside the matter. */
export type Color = "green" | "yellow" | "red" | "dim" | "bold";

/** Gives a text a color, where there are colors. */
export type Paint = (color: Color, text: string) => string;

export const plain: Paint = (_color, text) => text;

/** What begins and ends each. By hand, since a Node that is too old must come as far as the sentence that says so. */
const CODES = { green: [32, 39], yellow: [33, 39], red: [31, 39], dim: [2, 22], bold: [1, 22] } as const;

export const colored: Paint = (color, text) => {
  const [begin, end] = CODES[color];
  return `\u001B[${begin}m${text}\u001B[${end}m`;
};

/** Colors are for a terminal that has them, and for who has not asked for none (https://no-color.org). */
export const paintFor = (isTerminal: boolean, environment: NodeJS.ProcessEnv): Paint =>
  isTerminal && !environment["NO_COLOR"] && environment["TERM"] !== "dumb" ? colored : plain;
