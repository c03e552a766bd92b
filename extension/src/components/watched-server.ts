import { EventEmitter } from "vscode";
import type { Connections } from "../connections/connections.ts";
import { ServerWatch } from "../server/server-watch.ts";
import { wait } from "../timing/wait.ts";
import type { DeclaredComponents } from "./declared-components.ts";

/** The components of the current connection's server, as long as that is connected; never connected for this alone. */
export function watchedServer(
  connections: Pick<Connections, "current" | "stateOf" | "openServer" | "onDidChange">,
  declared: Pick<DeclaredComponents, "current">,
): ServerWatch {
  const watch = new ServerWatch({
    target() {
      const { current } = connections;
      if (current === undefined || connections.stateOf(current.id).kind !== "open") return undefined;
      const { id } = current;
      return { id, open: () => connections.openServer(id) };
    },
    names: () => declared.current.map(({ name }) => name),
    changes: new EventEmitter(),
    wait,
    now: () => performance.now(),
  });
  connections.onDidChange(() => watch.moved());
  return watch;
}
