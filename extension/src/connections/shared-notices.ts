import * as l10n from "@vscode/l10n";
import { type Uri, workspace } from "vscode";
import type { ErrorAction } from "../notifications/error-action.ts";
import type { WorkspaceConnections } from "./workspace-connections.ts";

/** Something about the connections of the workspace that a row of the view says, and what leads to the remedy. */
export interface SharedNotice {
  readonly text: string;
  readonly tooltip: string;
  /** Of a product icon. */
  readonly icon: string;
  readonly action: ErrorAction;
}

/** Files with something wrong in them, and files that are not read since the workspace is not trusted. */
export function sharedNotices({ files, unread }: WorkspaceConnections): readonly SharedNotice[] {
  const broken = files.filter(({ problems }) => problems.length > 0);
  return [
    ...broken.map(({ uri, problems }) => ({
      text: l10n.t("{0}: problems: {1}", pathOf(uri), problems.length),
      tooltip: problems.map(({ text }) => text).join("\n"),
      icon: problems.some(({ severity }) => severity === "error") ? "error" : "warning",
      action: { title: l10n.t("Open"), command: "vscode.open", arguments: [uri] },
    })),
    ...unread.map((uri) => ({
      text: l10n.t("{0} is not read", pathOf(uri)),
      tooltip: l10n.t("Connections of a workspace are read when it is trusted."),
      icon: "workspace-untrusted",
      action: { title: l10n.t("Manage Workspace Trust"), command: "workbench.trust.manage", arguments: [] },
    })),
  ];
}

const pathOf = (uri: Uri): string => workspace.asRelativePath(uri);
