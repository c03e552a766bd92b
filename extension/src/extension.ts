import type { ExtensionContext } from "vscode";
import { activateExtension } from "./activate-extension.ts";
import { NotOfferedHereError } from "./connections/connection-errors.ts";
import { embeddedServer } from "./embedded-server/register-embedded-server.ts";

/** The desktop host's entry. */
export function activate(context: ExtensionContext): void {
  activateExtension(context, {
    openEventStore: () => Promise.reject(new NotOfferedHereError()),
    environment: (name) => process.env[name],
    embeddedServer,
  });
}
