import { command } from "../command-line/command.ts";
import { acting, SELECTION_OPTIONS } from "./parked-selection.ts";

export const archiveCommand = command({
  name: "parked archive",
  summary: "takes them off the list; nothing is deleted",
  words: "COMPONENT [ID]…",
  takes: { least: 1, most: Number.POSITIVE_INFINITY },
  about:
    "Takes parked messages off the list: they are not handled. Nothing is deleted from the server, and the record says who did it.",
  example: `sluice parked archive billing --group "RangeError at charge (billing.ts:17)"`,
  options: SELECTION_OPTIONS,
  run: (call) =>
    acting(
      call,
      (parked, selection, options) => parked.archive(selection, options),
      (count) => (count === 1 ? "1 message is archived." : `${count} messages are archived.`),
    ),
});
