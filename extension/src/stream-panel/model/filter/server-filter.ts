import type { AllFilter } from "../../../event-store/event-store.ts";
import type { Filter } from "./filter.ts";

/**
 * What of a filter the server can decide for the log of all streams, so that it does not send the rest: one term on types
 * or streams, by prefix. The filter itself still decides on what comes.
 */
export function serverFilter(filter: Filter): AllFilter | undefined {
  for (const { test, isNegated } of filter) {
    if (isNegated || (test.on !== "type" && test.on !== "stream")) {
      continue;
    }
    const prefixes = test.patterns.map((pattern) => pattern.split("*", 1)[0] ?? "");
    if (prefixes.every((prefix) => prefix !== "")) {
      return { on: test.on, prefixes };
    }
  }
  return undefined;
}
