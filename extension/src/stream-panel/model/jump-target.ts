import type { PanelSource } from "../schemas.ts";
import type { Place } from "../../events/place.ts";
import { parseTime } from "../../events/time.ts";

/** Where a user wants to go. */
export type JumpTarget =
  | { readonly kind: "spot"; readonly spot: "start" | "end" | Place }
  | { readonly kind: "time"; readonly time: number };

/** No stream and no log goes further; a server refuses a number beyond it. */
const LAST = 2n ** 63n - 1n;

/**
 * Reads `start`, `end`, a revision (or for `$all` a position, also as `C:…/P:…`), or a time as {@link parseTime} does.
 * @param now In milliseconds since 1970.
 */
export function parseJumpTarget(text: string, source: PanelSource, now: number): JumpTarget | undefined {
  const wanted = text.trim();
  if (wanted === "start" || wanted === "end") {
    return { kind: "spot", spot: wanted };
  }
  const decimals = /^#?(\d{1,19})$/.exec(wanted)?.[1];
  if (decimals !== undefined) {
    const given = BigInt(decimals);
    const number = String(given < LAST ? given : LAST);
    return { kind: "spot", spot: "all" in source ? { commit: number, prepare: number } : { revision: number } };
  }
  const [, commit, prepare] = /^C:(\d{1,19})\/P:(\d{1,19})$/.exec(wanted) ?? [];
  if (commit !== undefined && prepare !== undefined) {
    return "all" in source ? { kind: "spot", spot: { commit, prepare } } : undefined;
  }
  const time = parseTime(wanted, now);
  return time === undefined ? undefined : { kind: "time", time };
}
