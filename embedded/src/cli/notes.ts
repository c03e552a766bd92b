import type { ServerNote } from "../index.ts";
import { bytesText } from "./output.ts";

const DISCONNECTED = {
  "too-many-connections": "there are as many connections as the server takes",
  silent: "it connected and did not say what clients say first",
  "too-much-unfinished": "it held most of what had begun and not ended, which was too much",
} as const;

/** A note of the server, with the time of day, as a person reads it. */
export function noteLine(note: ServerNote, now: Date): string {
  return `${now.toTimeString().slice(0, 8)} ${noteText(note)}`;
}

function noteText(note: ServerNote): string {
  switch (note.event) {
    case "script-log":
      return note.text;
    case "projection-faulted":
      return `projection ${note.projection} faulted: ${note.reason}`;
    case "default-passwords":
      return `others can reach this server, and everybody knows the password of ${note.logins.join(" and ")}: change it`;
    case "client-disconnected":
      return `client ${note.peer} was cut off: ${DISCONNECTED[note.reason]}${again(note.times)}`;
    case "disk-slow":
      return `the disk took ${(note.milliseconds / 1000).toFixed(1)} s for a write that clients wait for${again(note.times)}`;
    case "disk-refused":
      return "the disk refuses writes, clients are told to try again: make room, or look at its state";
    case "disk-recovered":
      return "the disk takes writes again";
    case "scavenge-ended":
      return `scavenge ${note.id} has ended (${note.ending}): ${note.events} events, ${bytesText(note.bytes)} given back`;
    case "shutdown-asked":
      return "a client has asked the server to stop";
  }
}

const again = (times: number): string => (times > 1 ? `, and ${times - 1} times before that` : "");
