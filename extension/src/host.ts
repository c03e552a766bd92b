import type { Environment } from "./connections/environment.ts";
import type { OpenEventStore } from "./connections/server-link.ts";

/** What differs between the two hosts that an extension runs in: Node on a machine, and a web worker in a browser. */
export interface Host {
  readonly openEventStore: OpenEventStore;
  readonly environment: Environment;
}
