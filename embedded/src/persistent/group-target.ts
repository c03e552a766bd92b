import { TOMBSTONE_REVISION, TOMBSTONE_REVISION_TEXT } from "../log/record.ts";
import type { AllFilter } from "./all-filter.ts";

/** Name of `$all` where a group is named by stream and group. */
export const ALL = "$all";

/** What identifies a group. */
export interface GroupName {
  /** The stream, or {@link ALL}. */
  readonly stream: string;
  readonly group: string;
}

/** How the server calls a group, also in the names of its streams (spec 2.1). */
export const keyOf = ({ stream, group }: GroupName): string => `${stream}::${group}`;

/** Where a group without a checkpoint begins: `end` is where the log or stream ends when the group is loaded. */
export type StartFrom = "start" | "end" | number;

/** What a group reads. */
export type GroupTarget =
  | { readonly kind: "stream"; readonly stream: string }
  | { readonly kind: "all"; readonly filter: AllFilter | undefined };

export const streamOf = (target: GroupTarget): string => (target.kind === "all" ? ALL : target.stream);

/** A place as checkpoints, infos and the configuration write it (spec 2.1). */
export function placeText(kind: GroupTarget["kind"], place: number): string {
  if (kind === "all") return `C:${place}/P:${place}`;
  return place === TOMBSTONE_REVISION ? TOMBSTONE_REVISION_TEXT : String(place);
}

/** The place a text stands for; undefined for one that no server wrote. */
export function placeOf(kind: GroupTarget["kind"], text: string): number | undefined {
  if (kind === "stream" && text === TOMBSTONE_REVISION_TEXT) return TOMBSTONE_REVISION;
  const digits = (kind === "all" ? /^C:(-?\d+)\/P:-?\d+$/ : /^(-?\d+)$/).exec(text)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

export function startText(kind: GroupTarget["kind"], start: StartFrom): string {
  if (start === "start") return placeText(kind, 0);
  return start === "end" ? placeText(kind, -1) : placeText(kind, start);
}

export function startOf(kind: GroupTarget["kind"], text: string): StartFrom {
  const place = placeOf(kind, text) ?? 0;
  if (place === -1) return "end";
  return place === 0 ? "start" : place;
}
