import { Range, Selection, Uri, window, workspace, WorkspaceEdit, type WorkspaceEditEntryMetadata } from "vscode";
import type { NewHandlerPlan } from "./generate/new-handler.ts";

/**
 * Shows all that a handler changes in the refactor preview, and writes what is accepted there as one step that can be undone.
 * @returns whether anything was written.
 */
export async function applyPlan({ changes, opens }: NewHandlerPlan, label: string): Promise<boolean> {
  const edit = new WorkspaceEdit();
  const metadata: WorkspaceEditEntryMetadata = { label, needsConfirmation: false };
  const [folder] = workspace.workspaceFolders ?? [];
  // The preview comes for edits that have to be confirmed, and has these not ticked: what is to be written would have to be ticked
  // file by file. So it comes for one that does nothing and is not shown, since what it makes is there.
  if (folder !== undefined)
    edit.createFile(folder.uri, { ignoreIfExists: true }, { ...metadata, needsConfirmation: true });
  // Files first, and then all text: an undo that goes on from one step of several does nothing, and says nothing, at a step that
  // is the text of one file that is not open. So there is one step for all files that are made, and one for all text.
  for (const { uri, isNew } of changes)
    if (isNew) edit.createFile(Uri.parse(uri, true), { overwrite: false, ignoreIfExists: false }, metadata);
  for (const { uri: text, isNew, edits } of changes) {
    const uri = Uri.parse(text, true);
    const document = isNew ? undefined : await workspace.openTextDocument(uri);
    for (const { start, end, text } of edits) {
      const range =
        document === undefined
          ? new Range(0, 0, 0, 0)
          : new Range(document.positionAt(start), document.positionAt(end));
      edit.replace(uri, range, text, metadata);
    }
  }
  if (!(await workspace.applyEdit(edit, { isRefactoring: true }))) return false;
  await open(Uri.parse(opens, true));
  return true;
}

/** Shows what was written where one goes on with it. It is not there where it was left out in the preview. */
async function open(uri: Uri): Promise<void> {
  try {
    const document = await workspace.openTextDocument(uri);
    const at = document.getText().search(/\/\/ (?:What happens now|Which commands|Send )/);
    const position = document.positionAt(Math.max(0, at));
    await window.showTextDocument(document, { preview: false, selection: new Selection(position, position) });
  } catch {
    // Nothing to show.
  }
}
