import { commands, type Disposable } from "vscode";
import type { ConnectionRegistry } from "./connection-registry.ts";

/** Tells `when` clauses of the current connection: `sluice.currentConnection`, `.currentPolicy`, `.currentState`. */
export function connectionContextKeys(registry: ConnectionRegistry): Disposable {
  const told = new Map<string, string | undefined>();
  const tell = (key: string, value: string | undefined): void => {
    if (told.has(key) && told.get(key) === value) return;
    told.set(key, value);
    void commands.executeCommand("setContext", key, value);
  };
  const show = (): void => {
    const { current } = registry;
    tell("sluice.currentConnection", current?.id);
    tell("sluice.currentPolicy", current?.policy);
    tell("sluice.currentState", current && registry.stateOf(current.id).kind);
  };
  show();
  return registry.onDidChange(show);
}
