/** What VS Code measured of one extension, in milliseconds. */
export interface ActivationTimes {
  /** Loading the code. */
  readonly load: number;
  /** The synchronous part of `activate`. */
  readonly call: number;
  /** Until its promise was settled. */
  readonly finish: number;
  /** Such as `onView:sluice.streams`. */
  readonly event: string;
}

/** Reads the table in the document of `Developer: Startup Performance`; undefined while the extension is not in it. */
export function activationTimes(document: string, extension: string): ActivationTimes | undefined {
  const section = document.split(/^## Extension Activation Stats.*$/m)[1]?.split(/^## /m)[0] ?? "";
  const [head = [], ...rows] = section
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  const row = rows.find(([id]) => id === extension);
  if (row === undefined) return undefined;
  const cell = (title: string): string => row[head.findIndex((one) => one.toLowerCase() === title)] ?? "";
  return {
    load: Number(cell("load code")),
    call: Number(cell("call activate")),
    finish: Number(cell("finish activate")),
    event: cell("event"),
  };
}
