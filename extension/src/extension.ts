import type { ExtensionContext } from "vscode";
import { activateExtension } from "./activate-extension.ts";
import { embeddedServer } from "./embedded-server/register-embedded-server.ts";
import { openEventStore } from "./event-store/open-event-store.ts";
import { openServer } from "./server/open-server.ts";

/** The desktop host's entry. */
export function activate(context: ExtensionContext): void {
  activateExtension(context, {
    openEventStore,
    openServer,
    environment: (name) => process.env[name],
    embeddedServer,
  });
}
