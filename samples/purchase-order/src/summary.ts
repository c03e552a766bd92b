import type { Progress } from "./progress.ts";

const NONE: Progress = { placed: 0, refused: 0, matched: 0, shipped: 0, charged: 0, booked: 0 };

/** One line about where the orders are. */
export function summaryLine(sent: number, counts: Progress | undefined, parked: number, perSecond: number): string {
  const { placed, refused, matched, shipped, charged, booked } = counts ?? NONE;
  const under = sent - booked - refused;
  return [
    `sent ${sent}`,
    `placed ${placed}`,
    `matched ${matched}`,
    `shipped ${shipped}`,
    `charged ${charged}`,
    `booked ${booked}`,
    `under way ${under}`,
    ...(refused > 0 ? [`refused ${refused}`] : []),
    ...(parked > 0 ? [`PARKED ${parked}`] : []),
    `${perSecond.toFixed(0)}/s`,
  ].join("  ");
}

const REDRAWN_EVERY_MS = 500;
const PRINTED_EVERY_MS = 5000;

/** Shows a line that changes: in place on a terminal, now and then anywhere else. Returns how to end that. */
export function showing(line: () => string, output: NodeJS.WriteStream): () => void {
  const show = output.isTTY
    ? () => output.write(`\r\u001b[2K${line().slice(0, output.columns - 1)}`)
    : () => output.write(`${line()}\n`);
  const timer = setInterval(show, output.isTTY ? REDRAWN_EVERY_MS : PRINTED_EVERY_MS);
  return () => {
    clearInterval(timer);
    show();
    if (output.isTTY) output.write("\n");
  };
}
