import type { EventStore } from "../streams/event-store.ts";
import { GroupFailedError } from "./errors.ts";
import { type GroupConfig, nameOf } from "./group-config.ts";

/** Refuses what the server refuses of a new or updated group; the texts are the server's (golden `persistent/settings-validation`, corrections 2.2). */
export function validate(config: GroupConfig, store: EventStore): void {
  const { settings, target, start } = config;
  if (settings.readBatchSize >= settings.historyBufferSize) {
    throw new GroupFailedError(
      nameOf(config),
      "Specified argument was out of the range of valid values. (Parameter 'ReadBatchSize may not be greater than or equal to BufferSize')",
    );
  }
  if (target.kind === "all" && typeof start === "number" && start > store.end) {
    throw new GroupFailedError(
      nameOf(config),
      "Invalid Start From position: commit position must be less than or equal to the last commit position in the transaction file.",
    );
  }
}
