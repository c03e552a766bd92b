/** Where text goes: `process.stdout`, say. */
export interface Output {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

export interface Display {
  /** Says something that stays. */
  say(text: string): void;
  /** Shows a text in the place of the one shown before. */
  show(text: string): void;
}

/** On a terminal what is shown is drawn over; anything else, such as a file, gets one text after the other. */
export function displayOn(output: Output): Display {
  let height = 0;
  /** Up to where the last text began; everything below is wiped. */
  const wiped = (): string => (height > 0 ? `\u001b[${height}A\u001b[J` : "");
  return {
    say(text) {
      output.write(`${wiped()}${text}\n`);
      height = 0;
    },
    show(text) {
      output.write(`${wiped()}${text}\n`);
      height = output.isTTY === true ? text.split("\n").length : 0;
    },
  };
}
