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

/** On a terminal, one line that counts up, such as "17 of 200 orders completed"; nothing anywhere else. */
export function progressOn(output: Output, what: string): (done: number, all: number) => void {
  let shown = -1;
  return (done, all) => {
    if (output.isTTY !== true || done === shown) return;
    shown = done;
    output.write(`\r${done} of ${all} ${what}${done === all ? "\n" : ""}`);
  };
}
