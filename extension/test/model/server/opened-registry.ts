import type { TestContext } from "node:test";
import type { Policy } from "../../../src/connections/connection.ts";
import { ConnectionRegistry } from "../../../src/connections/connection-registry.ts";
import type { WriteIntent } from "../../../src/connections/connections.ts";
import { Passwords } from "../../../src/connections/passwords.ts";
import { UserConnections } from "../../../src/connections/user-connections.ts";
import { openEventStore } from "../../../src/event-store/open-event-store.ts";
import { openServer } from "../../../src/server/open-server.ts";
import { ServerWatch } from "../../../src/server/server-watch.ts";
import { wait } from "../../../src/timing/wait.ts";
import { emitter, memento } from "../connections/fake-vscode.ts";
import { memorySecrets } from "../connections/memory-secrets.ts";

/** A connection to a server as it is put together in VS Code, and what looks at the server's components; both end with the test. */
export interface OpenedRegistry {
  readonly registry: ConnectionRegistry;
  readonly server: ServerWatch;
  readonly connectionId: string;
  /** What was asked before a write, each with its lines. */
  readonly asked: readonly WriteIntent[];
}

/** @param names components that are declared */
export async function openedRegistry(
  t: TestContext,
  {
    connectionString,
    policy = "read-write",
    login,
    names = () => [],
  }: {
    readonly connectionString: string;
    readonly policy?: Policy;
    readonly login?: { readonly login: string; readonly password: string };
    readonly names?: () => readonly string[];
  },
): Promise<OpenedRegistry> {
  const asked: WriteIntent[] = [];
  const passwords = new Passwords(memorySecrets(new Map()));
  const user = new UserConnections({ memento: memento(), passwords, changes: emitter(), newId: () => "a" });
  const registry = new ConnectionRegistry({
    sources: [user],
    openEventStore,
    openServer,
    environment: () => undefined,
    changes: emitter(),
    async confirmWrite(_, intent) {
      asked.push(intent);
      return true;
    },
    chosen: { get: () => "a", set() {} },
    wait,
    log: { info() {}, warn() {} },
  });
  t.after(() => registry.dispose());
  await user.add({ name: "local", connectionString, policy, ...(login && { login: login.login }) }, login?.password);
  await registry.open("a");
  const server = new ServerWatch({
    target() {
      const isOpen = registry.stateOf("a").kind === "open";
      return isOpen ? { id: "a", open: () => registry.openServer("a") } : undefined;
    },
    names,
    changes: emitter(),
    wait,
    now: () => performance.now(),
  });
  return { registry, server, connectionId: "a", asked };
}

/** Looks at the server until it is so. */
export async function lookUntil(server: ServerWatch, isSo: () => boolean): Promise<void> {
  for (;;) {
    await server.look();
    if (isSo()) return;
  }
}
