import type { ExtensionContext } from "vscode";
import { activateExtension } from "./activate-extension.ts";
import { NotOfferedHereError } from "./connections/connection-errors.ts";

/** The web worker host's entry: what needs sockets is not offered there, and says so. */
export function activate(context: ExtensionContext): void {
  activateExtension(context, {
    openEventStore: () => Promise.reject(new NotOfferedHereError()),
    openServer: () => Promise.reject(new NotOfferedHereError()),
    environment: () => undefined,
  });
}
