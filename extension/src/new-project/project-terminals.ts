import * as l10n from "@vscode/l10n";
import { type Disposable, type Terminal, type Uri, window, workspace } from "vscode";
import type { Connections } from "../connections/connections.ts";
import { offer, suggest } from "../notifications/offer.ts";

/** Runs what a project's `package.json` says, in terminals, where the user sees it and may stop it. */
export interface ProjectTerminals extends Disposable {
  /** All packages of the project, or one more in a folder. */
  install(more?: PackageToInstall): Promise<void>;
  /** Begins anew where it runs. */
  start(): Promise<void>;
}

/** A package that a folder's sources need, and its `package.json` does not name yet. */
export interface PackageToInstall {
  readonly folder: Uri;
  readonly name: string;
}

export function projectTerminals(connections: Pick<Connections, "current">): ProjectTerminals {
  const terminals = new Map<string, Terminal>();
  const closed = window.onDidCloseTerminal((terminal) => {
    for (const [script, one] of terminals) if (one === terminal) terminals.delete(script);
  });

  async function run(
    script: "install" | "start",
    name: string,
    { more, env = {} }: { readonly more?: PackageToInstall | undefined; readonly env?: Record<string, string> },
  ): Promise<void> {
    if (!workspace.isTrusted) {
      return offer(l10n.t("A project runs programs of this workspace. Trust the workspace to run them."), [
        { title: l10n.t("Manage Workspace Trust"), command: "workbench.trust.manage", arguments: [] },
      ]);
    }
    const folder = more?.folder ?? (await projectFolder());
    if (folder === undefined) return;
    terminals.get(script)?.dispose();
    const terminal = window.createTerminal({ name, cwd: folder, env });
    terminals.set(script, terminal);
    terminal.show(true);
    terminal.sendText(["npm", script, ...(more === undefined ? [] : [more.name])].join(" "));
  }

  return {
    install: (more) => run("install", l10n.t("Install Packages"), { more }),
    start() {
      const { current } = connections;
      // Whatever its port is this time. That of another server says who may do what there, which is nothing to hand on unasked.
      const env = current?.origin === "embedded" ? { SLUICE_CONNECTION: current.connectionString } : {};
      return run("start", l10n.t("Project"), { env });
    },
    dispose: () => closed.dispose(),
  };
}

/** The one that is open, or one of several; undefined where there is none, which is told. */
async function projectFolder(): Promise<Uri | undefined> {
  const [first, ...others] = (workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === "file");
  if (first !== undefined) return others.length === 0 ? first.uri : (await window.showWorkspaceFolderPick())?.uri;
  await suggest(l10n.t("Open the folder of a project first, or begin one."), [
    { title: l10n.t("New Project…"), command: "sluice.newProject", arguments: [] },
    { title: l10n.t("Open Folder…"), command: "vscode.openFolder", arguments: [] },
  ]);
  return undefined;
}
