import type { Disposable, ExtensionContext } from "vscode";
import type { ConnectionSource } from "./connections/connection-source.ts";
import type { Environment } from "./connections/environment.ts";
import type { OpenEventStore } from "./connections/server-link.ts";
import type { OpenServer } from "./server/open-server.ts";

/** What differs between the two hosts that an extension runs in: Node on a machine, and a web worker in a browser. */
export interface Host {
  readonly openEventStore: OpenEventStore;
  readonly openServer: OpenServer;
  readonly environment: Environment;
  /** Undefined where no program can be run. */
  readonly embeddedServer?: (context: ExtensionContext) => EmbeddedHost;
}

/** The embedded server as a host offers it. */
export interface EmbeddedHost {
  readonly source: ConnectionSource;
  /** Its commands. Disposing ends the server, too. */
  register(): Disposable;
}
