import * as l10n from "@vscode/l10n";
import { Range, Selection, type TextEditor, window, workspace, type WorkspaceFolder } from "vscode";
import type { TextRange } from "../../documents/text-range.ts";
import { sharedFileOf } from "../shared-file.ts";
import { offer } from "../../notifications/offer.ts";
import type { WorkspaceConnections } from "../workspace-connections.ts";

const template = (): string => `{
  // ${l10n.t("Connections for everybody who opens this folder. What is secret stays out: ${env:NAME} is taken from the environment.")}
  "connections": [
    {
      "name": "local",
      "connectionString": "esdb://localhost:2113?tls=false",
      "policy": "read-write",
      "color": "green"
    }
  ]
}
`;

/**
 * Opens `.vscode/sluice.json`, at the place where a connection is declared if its id is given; makes it where there is
 * none yet.
 */
export async function openSharedFile(shared: WorkspaceConnections, id: string | undefined): Promise<void> {
  const declared = id === undefined ? undefined : shared.declared(id);
  if (declared !== undefined) {
    reveal(await window.showTextDocument(declared.file.uri), declared.connection.place);
    return;
  }
  const folder = await chosenFolder();
  if (folder === undefined) return;
  const uri = sharedFileOf(folder);
  try {
    await workspace.fs.stat(uri);
  } catch {
    await workspace.fs.writeFile(uri, new TextEncoder().encode(template()));
  }
  await window.showTextDocument(uri);
}

async function chosenFolder(): Promise<WorkspaceFolder | undefined> {
  const [first, ...others] = workspace.workspaceFolders ?? [];
  if (first === undefined) {
    await offer(l10n.t("A folder shares connections with those who open it. Open one."), [
      { title: l10n.t("Open Folder…"), command: "vscode.openFolder", arguments: [] },
    ]);
  }
  return others.length === 0 ? first : window.showWorkspaceFolderPick();
}

function reveal(editor: TextEditor, { from, to }: TextRange): void {
  const range = new Range(editor.document.positionAt(from), editor.document.positionAt(to));
  editor.selection = new Selection(range.start, range.start);
  editor.revealRange(range);
}
