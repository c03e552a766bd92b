import * as l10n from "@vscode/l10n";
import {
  commands,
  Disposable,
  EventEmitter,
  type ExtensionContext,
  type LogOutputChannel,
  ProgressLocation,
  window,
  workspace,
} from "vscode";
import { EMBEDDED_ID } from "../connections/connection.ts";
import type { ErrorAction } from "../notifications/error-action.ts";
import { offer } from "../notifications/offer.ts";
import type { EmbeddedHost } from "../host.ts";
import { embeddedCommand } from "./embedded-command.ts";
import { EmbeddedMissingError, EmbeddedNotBuiltError, WorkspaceNotTrustedError } from "./embedded-errors.ts";
import { EmbeddedServer } from "./embedded-server.ts";
import { startServerProcess } from "./server-process.ts";

/** The embedded server of this window, with its own log. Nothing is started yet. */
export function embeddedServer(context: ExtensionContext): EmbeddedHost {
  const log = window.createOutputChannel(l10n.t("Sluice Embedded Server"), { log: true });
  const server = new EmbeddedServer({
    name: l10n.t("embedded server"),
    changes: new EventEmitter(),
    async startProcess(signal) {
      if (!workspace.isTrusted) throw new WorkspaceNotTrustedError();
      const command = await embeddedCommand(settingsOf(context), process.env);
      log.info(`${command.program} ${command.args.join(" ")}`);
      return startServerProcess(command, (line) => log.info(line), signal);
    },
    onEnded: (error) => void offer(error.message, [RESTART(), SHOW_LOG()]),
  });
  return { source: server, register: () => registerEmbeddedServer(server, log) };
}

function registerEmbeddedServer(server: EmbeddedServer, log: LogOutputChannel): Disposable {
  const tell = (): void => void commands.executeCommand("setContext", "sluice.embedded.state", server.state);

  async function start(): Promise<void> {
    try {
      const isCanceled = await window.withProgress(
        {
          location: ProgressLocation.Notification,
          title: l10n.t("Starting the embedded server"),
          cancellable: true,
        },
        async (_, token) => {
          token.onCancellationRequested(() => void server.stop());
          await server.start().catch((error: unknown) => {
            if (!token.isCancellationRequested) throw error;
          });
          return token.isCancellationRequested;
        },
      );
      if (!isCanceled) await commands.executeCommand("sluice.useConnection", EMBEDDED_ID);
    } catch (error) {
      await offer(error instanceof Error ? error.message : String(error), actionsFor(error));
    }
  }

  tell();
  return Disposable.from(
    // The server goes on writing what it has accepted, and ends by itself when this process has.
    { dispose: () => void server.stop() },
    log,
    server.onDidChange(tell),
    commands.registerCommand("sluice.embedded.start", start),
    commands.registerCommand("sluice.embedded.stop", () => server.stop()),
    commands.registerCommand("sluice.embedded.restart", async () => {
      await server.stop();
      await start();
    }),
    commands.registerCommand("sluice.embedded.showLog", () => log.show()),
    commands.registerCommand("sluice.embedded.install", install),
  );
}

/** In a terminal, where the user sees what is done, and may change it. */
function install(): void {
  const folder = workspace.workspaceFolders?.find(({ uri }) => uri.scheme === "file");
  const terminal = window.createTerminal({
    name: l10n.t("Install the embedded server"),
    ...(folder === undefined ? {} : { cwd: folder.uri }),
  });
  terminal.show();
  terminal.sendText(`npm install ${folder === undefined ? "--global" : "--save-dev"} @sluice/embedded`, false);
}

function actionsFor(error: unknown): readonly ErrorAction[] {
  const settings = action(l10n.t("Open Settings"), "workbench.action.openSettings", "sluice.embedded");
  if (error instanceof WorkspaceNotTrustedError) {
    return [action(l10n.t("Manage Workspace Trust"), "workbench.trust.manage")];
  }
  if (error instanceof EmbeddedMissingError || error instanceof EmbeddedNotBuiltError) {
    return [action(l10n.t("Install"), "sluice.embedded.install"), settings];
  }
  return [SHOW_LOG(), settings];
}

const action = (title: string, command: string, ...given: unknown[]): ErrorAction => ({
  title,
  command,
  arguments: given,
});
const RESTART = (): ErrorAction => action(l10n.t("Restart"), "sluice.embedded.start");
const SHOW_LOG = (): ErrorAction => action(l10n.t("Show Log"), "sluice.embedded.showLog");

function settingsOf({ storageUri, globalStorageUri }: ExtensionContext) {
  const settings = workspace.getConfiguration("sluice.embedded");
  return {
    command: settings.get<readonly string[]>("command", []),
    memory: settings.get("memory", false),
    dataDirectory: settings.get("dataDirectory", ""),
    port: settings.get("port", 0),
    folders: (workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === "file").map(({ uri }) => uri.fsPath),
    storage: (storageUri ?? globalStorageUri).fsPath,
  };
}
