import * as l10n from "@vscode/l10n";
import type { EventStore } from "../event-store/event-store.ts";
import { WriteRefusedError } from "./connection-errors.ts";

/** An event store that was opened for reading: it writes nothing, whatever the policy says. `nameOf` answers how its connection is called now. */
export function readOnlyEventStore(store: EventStore, nameOf: () => string): EventStore {
  return {
    features: (signal) => store.features(signal),
    read: (source, options) => store.read(source, options),
    subscribe: (source, options) => store.subscribe(source, options),
    append: (stream) => Promise.reject(new WriteRefusedError(nameOf(), l10n.t("Append to {0}", stream))),
    close: () => store.close(),
  };
}
