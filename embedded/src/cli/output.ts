/** Where a command says what it does: lines for a person, or one JSON object for each. */
export interface Output {
  /** `details` for programs, `text` for a person; without a text only programs are told. */
  say(event: string, details: object, text?: string): void;
  /** How far it has come; a person sees the last one only. */
  progress(details: object, text: string): void;
}

/** A person who is not at a terminal, and a program, need not hear of each step. */
const PROGRESS_PAUSE_MS = 1000;
const BACK_TO_START = "\r\u001b[K";

/** Whoever reads the output may be gone before the command is done. */
process.stdout.on("error", () => {});
process.stderr.on("error", () => {});

export function output(isJson: boolean): Output {
  const isTerminal = !isJson && process.stderr.isTTY;
  let isUnfinished = false;
  let lastProgress = -Infinity;

  function finishLine(): void {
    if (isUnfinished) process.stderr.write(BACK_TO_START);
    isUnfinished = false;
  }

  function object(event: string, details: object): void {
    process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), event, ...details })}\n`);
  }

  return {
    say(event, details, text) {
      finishLine();
      if (isJson) object(event, details);
      else if (text !== undefined) process.stdout.write(`${text}\n`);
    },
    progress(details, text) {
      const now = performance.now();
      if (isTerminal) {
        process.stderr.write(`${BACK_TO_START}${text}`);
        isUnfinished = true;
      } else if (now - lastProgress >= PROGRESS_PAUSE_MS) {
        lastProgress = now;
        if (isJson) object("progress", details);
        else process.stderr.write(`${text}\n`);
      }
    },
  };
}

/** A number of bytes as a person reads it. */
export function bytesText(bytes: number): string {
  const units = ["bytes", "KiB", "MiB", "GiB", "TiB"];
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), units.length - 1);
  return power === 0 ? `${bytes} bytes` : `${(bytes / 1024 ** power).toFixed(1)} ${units[power]}`;
}
