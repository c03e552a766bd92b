import type { PanelSource } from "../schemas.ts";
import type { Place } from "./place.ts";

/** Where a user wants to go. */
export type JumpTarget =
  | { readonly kind: "spot"; readonly spot: "start" | "end" | Place }
  | { readonly kind: "time"; readonly time: number };

const AGES: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * Reads `start`, `end`, a revision (or for `$all` a position, also as `C:…/P:…`), a time as ISO 8601 writes it, in the
 * reader's time zone unless it says another, a time of today such as `9:30`, or how long ago: `-90s`, `-15m`, `-2h`, `-1d`.
 * @param now In milliseconds since 1970.
 */
export function parseJumpTarget(text: string, source: PanelSource, now: number): JumpTarget | undefined {
  const wanted = text.trim();
  if (wanted === "start" || wanted === "end") {
    return { kind: "spot", spot: wanted };
  }
  const decimals = /^#?(\d{1,19})$/.exec(wanted)?.[1];
  if (decimals !== undefined) {
    const number = String(BigInt(decimals));
    return { kind: "spot", spot: "all" in source ? { commit: number, prepare: number } : { revision: number } };
  }
  const [, commit, prepare] = /^C:(\d{1,19})\/P:(\d{1,19})$/.exec(wanted) ?? [];
  if (commit !== undefined && prepare !== undefined) {
    return "all" in source ? { kind: "spot", spot: { commit, prepare } } : undefined;
  }
  const time = parseTime(wanted, now);
  return time === undefined ? undefined : { kind: "time", time };
}

function parseTime(text: string, now: number): number | undefined {
  const [, amount, unit] = /^-(\d{1,6})\s*([smhd])$/.exec(text) ?? [];
  if (amount !== undefined && unit !== undefined) {
    return now - Number(amount) * (AGES[unit] ?? 0);
  }
  const [, hours, minutes, seconds] = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(text) ?? [];
  if (hours !== undefined && minutes !== undefined) {
    return new Date(now).setHours(Number(hours), Number(minutes), Number(seconds ?? 0), 0);
  }
  // A date alone would be read as midnight in Greenwich, with a time as here.
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00`) : isoTime(text);
  return time === undefined || Number.isNaN(time) ? undefined : time;
}

function isoTime(text: string): number | undefined {
  return /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/.test(text) ? Date.parse(text.replace(" ", "T")) : undefined;
}
