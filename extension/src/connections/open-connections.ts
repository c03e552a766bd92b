import { EventEmitter, type ExtensionContext, languages, type LogOutputChannel, window } from "vscode";
import type { Host } from "../host.ts";
import { confirmWrite } from "./confirm-write.ts";
import type { ConnectionParts } from "./connection-parts.ts";
import { ConnectionRegistry } from "./connection-registry.ts";
import type { ConnectionSource } from "./connection-source.ts";
import { Passwords } from "./passwords.ts";
import { UserConnections } from "./user-connections.ts";
import { wait } from "../timing/wait.ts";
import { WorkspaceConnections } from "./workspace-connections.ts";

const CURRENT = "sluice.currentConnection";

/** The connections of this window: the embedded server's, the workspace's, the user's own. None is opened yet. */
export function openConnections(
  context: ExtensionContext,
  log: LogOutputChannel,
  { openEventStore, openServer, environment }: Host,
  embedded: ConnectionSource | undefined,
): ConnectionParts {
  const passwords = new Passwords(context.secrets);
  const user = new UserConnections({
    memento: context.globalState,
    passwords,
    changes: new EventEmitter(),
    newId: () => crypto.randomUUID(),
  });
  // Of what another window has changed nothing is told; who comes back to this one sees it.
  context.subscriptions.push(window.onDidChangeWindowState(({ focused }) => focused && user.refresh()));
  const shared = new WorkspaceConnections({
    passwords,
    changes: new EventEmitter(),
    diagnostics: languages.createDiagnosticCollection("sluice"),
  });
  const registry = new ConnectionRegistry({
    sources: [...(embedded === undefined ? [] : [embedded]), shared, user],
    openEventStore,
    openServer,
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
  return { registry, user, shared, passwords, log };
}
