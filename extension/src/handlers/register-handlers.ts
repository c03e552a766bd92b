import { commands, Disposable } from "vscode";
import type { Services } from "../services.ts";
import { registerHandlerHints } from "./handler-hints.ts";
import { registerHandlerLenses } from "./handler-lenses.ts";
import { registerMessageLenses } from "./message-lenses.ts";
import { NEW_HANDLER_COMMAND, type NewHandler, newHandlerCommand } from "./new-handler-command.ts";

/** New handlers, hints about messages that nothing handles or sends, and what streams tell beside definitions. */
export function registerHandlers(services: Services): Disposable {
  return Disposable.from(
    commands.registerCommand(NEW_HANDLER_COMMAND, (given?: NewHandler) => newHandlerCommand(services, given)),
    registerHandlerHints(services),
    registerMessageLenses(services),
    registerHandlerLenses(services),
  );
}
