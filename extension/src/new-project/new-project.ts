import * as l10n from "@vscode/l10n";
import { commands, FileSystemError, Uri, window, workspace, WorkspaceEdit } from "vscode";
import { offer, suggest } from "../notifications/offer.ts";
import { STARTER_FILES, STARTER_HANDLER, starterText } from "./starter.ts";

/** Writes a small project into a folder: what it would write is asked before, and what is there stays as it is. */
export async function newProject(extensionUri: Uri): Promise<void> {
  const isOpen = workspace.workspaceFolders !== undefined;
  const folder = await chosenFolder();
  if (folder === undefined) return;
  const name = folder.path.split("/").findLast((part) => part !== "") ?? "";
  const missing: string[] = [];
  for (const file of STARTER_FILES) if (!(await exists(Uri.joinPath(folder, file)))) missing.push(file);
  if (!missing.includes("package.json")) {
    const action = { title: l10n.t("New Handler…"), command: "sluice.newHandler", arguments: [] };
    return suggest(
      l10n.t(
        "{0} holds a project already, and nothing was written. Open an empty folder, or go on here with a new handler.",
        name,
      ),
      isOpen ? [action] : [],
    );
  }
  const write = l10n.t("Write");
  const stays = STARTER_FILES.length > missing.length ? [l10n.t("What is there stays as it is.")] : [];
  const detail = [l10n.t("These files are written:"), ...missing, ...stays].join("\n");
  const question = l10n.t("Write a new project into {0}?", name);
  if ((await window.showInformationMessage(question, { modal: true, detail }, write)) !== write) return;

  const edit = new WorkspaceEdit();
  for (const file of missing) {
    const text = new TextDecoder().decode(await workspace.fs.readFile(Uri.joinPath(extensionUri, "starter", file)));
    const contents = new TextEncoder().encode(starterText(file, text, name));
    // One that has come meanwhile is not written over: then nothing is written.
    edit.createFile(Uri.joinPath(folder, file), { overwrite: false, ignoreIfExists: false, contents });
  }
  if (!(await workspace.applyEdit(edit))) {
    return offer(l10n.t("The project was not written: {0} cannot be written to, or has changed meanwhile.", name), []);
  }
  await commands.executeCommand("setContext", "sluice.project.written", true);
  if (!isOpen) {
    await commands.executeCommand("vscode.openFolder", folder);
    return;
  }
  await window.showTextDocument(Uri.joinPath(folder, STARTER_HANDLER), { preview: false });
  await suggest(l10n.t("The project is written. Next, install the packages that it uses."), [
    { title: l10n.t("Install Packages"), command: "sluice.project.install", arguments: [] },
  ]);
}

/** The one that is open, one of several, or one that is chosen where none is open. */
async function chosenFolder(): Promise<Uri | undefined> {
  const [first, ...others] = workspace.workspaceFolders ?? [];
  if (first !== undefined) return others.length === 0 ? first.uri : (await window.showWorkspaceFolderPick())?.uri;
  const chosen = await window.showOpenDialog({
    title: l10n.t("Folder of the New Project"),
    openLabel: l10n.t("Choose Folder"),
    canSelectFiles: false,
    canSelectFolders: true,
  });
  return chosen?.[0];
}

async function exists(uri: Uri): Promise<boolean> {
  try {
    await workspace.fs.stat(uri);
    return true;
  } catch (error) {
    if (error instanceof FileSystemError) return false;
    throw error;
  }
}
