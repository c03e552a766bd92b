/** Where text goes: `process.stdout`, say. */
export interface Output {
  readonly isTTY?: boolean;
  /** Characters in a row of a terminal. */
  readonly columns?: number;
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
      height = output.isTTY === true ? rowsOf(text, output.columns) : 0;
    },
  };
}

/** Rows that a text takes on a terminal, where what is longer than a row goes on in the next. */
function rowsOf(text: string, columns = 0): number {
  // Some terminals say 0, and mean that they do not know.
  const width = columns > 0 ? columns : Infinity;
  return text.split("\n").reduce((rows, line) => rows + Math.max(1, Math.ceil(line.length / width)), 0);
}

/** On a terminal, one line that counts up, such as "17 of 200 orders completed"; nothing anywhere else. */
export function progressOn(output: Output, what: string): (done: number, all: number) => void {
  let shown = -1;
  return (done, all) => {
    if (output.isTTY !== true || done === shown) return;
    shown = done;
    output.write(`\r${done} of ${all} ${what}${done === all ? "\n" : ""}`);
  };
}
