import * as bundled from "@vscode/l10n";
import { commands, type Disposable, type ExtensionContext, l10n, window } from "vscode";
import { declaredComponents } from "./components/declared-components.ts";
import { registerComponents } from "./components/register-components.ts";
import { watchedServer } from "./components/watched-server.ts";
import { openConnections } from "./connections/open-connections.ts";
import { registerConnections } from "./connections/register-connections.ts";
import { embeddedNotOffered } from "./embedded-server/embedded-not-offered.ts";
import type { Host } from "./host.ts";
import type { Services } from "./services.ts";
import { registerAppendEvent } from "./drafts/register-append-event.ts";
import { registerHandlers } from "./handlers/register-handlers.ts";
import { registerNewProject } from "./new-project/register-new-project.ts";
import { registerPreview } from "./preview/register-preview.ts";
import { registerFlow } from "./flow/host/register-flow.ts";
import { registerFailedMessages } from "./failed-messages/register-failed-messages.ts";
import { registerStreamPanels } from "./stream-panel/host/stream-panels.ts";
import { registerStreams } from "./streams/register-streams.ts";
import { workspaceModels } from "./workspace-model/workspace-models.ts";

/** What stands on connections; each registers its own views and commands. */
const CONCERNS: readonly ((services: Services) => Disposable)[] = [
  registerStreams,
  registerStreamPanels,
  registerAppendEvent,
  registerPreview,
  registerFlow,
  registerHandlers,
  registerComponents,
  registerFailedMessages,
  registerNewProject,
];

/** What both hosts do. */
export function activateExtension(context: ExtensionContext, host: Host): void {
  if (l10n.bundle !== undefined) bundled.config({ contents: l10n.bundle });
  const log = window.createOutputChannel("Sluice", { log: true });
  void commands.executeCommand("setContext", "sluice.host", host.embeddedServer === undefined ? "web" : "desktop");
  const embedded = host.embeddedServer?.(context);
  const connections = openConnections(context, log, host, embedded?.source);
  const models = workspaceModels();
  const declared = declaredComponents(models);
  const server = watchedServer(connections.registry, declared);
  const services: Services = {
    extensionUri: context.extensionUri,
    log,
    connections: connections.registry,
    workspaceModels: models,
    server,
    declared,
    workspaceState: context.workspaceState,
    globalState: context.globalState,
  };
  context.subscriptions.push(
    log,
    connections.registry,
    services.workspaceModels,
    connections.shared,
    registerConnections(connections),
    embedded?.register() ?? embeddedNotOffered(),
    ...CONCERNS.map((register) => register(services)),
  );
}
