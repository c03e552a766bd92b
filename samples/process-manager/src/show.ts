import type { Audit } from "./audit.ts";
import type { Line } from "./diary.ts";
import { euros } from "./money.ts";

/** What happened, as a line: seconds since `start`, order, component, what it tells. */
export function lineText({ orderId, who, what, at }: Line, start: Date | undefined): string {
  const seconds = at === undefined || start === undefined ? 0 : (at.getTime() - start.getTime()) / 1000;
  return `${seconds.toFixed(1).padStart(5)} s  ${orderId.padEnd(8)}  ${who.padEnd(10)}  ${what}`;
}

export function auditText({ orders, completed, canceled, open, wrong, paid, shipped, oversold }: Audit): string {
  return `
Of ${orders} orders ${completed} were completed and ${canceled} canceled; ${open} are open, ${wrong} ended as they must not.
Shipped is worth ${euros(shipped)}, and ${euros(paid)} were paid. Promised more often than they were there: ${oversold} records.`;
}
