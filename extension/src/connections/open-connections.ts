import { EventEmitter, type ExtensionContext, type LogOutputChannel } from "vscode";
import type { Host } from "../host.ts";
import { confirmWrite } from "./confirm-write.ts";
import type { ConnectionParts } from "./connection-parts.ts";
import { ConnectionRegistry } from "./connection-registry.ts";
import type { ConnectionSource } from "./connection-source.ts";
import { Passwords } from "./passwords.ts";
import { UserConnections } from "./user-connections.ts";
import { wait } from "./wait.ts";

const CURRENT = "sluice.currentConnection";

/** The connections of this window: the user's own, and those of other sources. None of them is opened yet. */
export function openConnections(
  context: ExtensionContext,
  log: LogOutputChannel,
  { openEventStore, environment }: Host,
  otherSources: readonly ConnectionSource[],
): ConnectionParts {
  const passwords = new Passwords(context.secrets);
  const user = new UserConnections({
    memento: context.globalState,
    passwords,
    changes: new EventEmitter(),
    newId: () => crypto.randomUUID(),
  });
  const registry = new ConnectionRegistry({
    sources: [...otherSources, user],
    openEventStore,
    environment,
    changes: new EventEmitter(),
    confirmWrite,
    chosen: {
      get: () => context.workspaceState.get(CURRENT),
      set: (id) => void context.workspaceState.update(CURRENT, id),
    },
    wait,
    log,
  });
  return { registry, user, passwords, log };
}
