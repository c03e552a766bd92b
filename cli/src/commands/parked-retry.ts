import { command } from "../command-line/command.ts";
import { acting, SELECTION_OPTIONS } from "./parked-selection.ts";

export const retryCommand = command({
  name: "parked retry",
  summary: "has them handled again, as new",
  words: "COMPONENT [ID]…",
  takes: { least: 1, most: Number.POSITIVE_INFINITY },
  about: `Puts parked messages back into the queue of COMPONENT, where they are handled as new. Each comes back once, whoever else retries
    it; stopped, those that are done stay done, and the same command again goes on.`,
  example: "sluice parked retry billing --all",
  options: SELECTION_OPTIONS,
  run: (call) =>
    acting(
      call,
      (parked, selection, options) => parked.retry(selection, options),
      (count) => (count === 1 ? "1 message is in the queue again." : `${count} messages are in the queue again.`),
    ),
});
