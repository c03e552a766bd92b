import type { DiskWrite } from "../log/disk-write.ts";
import type { Throttle } from "../time/throttle.ts";
import type { ServerNote } from "./server-note.ts";

/** Longer than anybody likes to wait; a disk in order takes a hundredth of it. */
const SLOW_MS = 500;

/** Notes what of the disk's doing somebody should know. */
export function diskNotes(throttle: Throttle, note: (note: ServerNote) => void): (write: DiskWrite) => void {
  let isRefusing = false;
  return ({ milliseconds, isRefused }) => {
    if (isRefused !== isRefusing) note({ event: isRefused ? "disk-refused" : "disk-recovered" });
    isRefusing = isRefused;
    if (isRefused || milliseconds < SLOW_MS) return;
    const times = throttle.times("disk-slow");
    if (times !== undefined) note({ event: "disk-slow", milliseconds: Math.round(milliseconds), times });
  };
}
