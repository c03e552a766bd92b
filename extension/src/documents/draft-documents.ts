import { Range, type Tab, TabInputText, type TextDocument, window, workspace, WorkspaceEdit } from "vscode";

/** The tabs that show a document. VS Code keeps a document for a while after its last one was closed. */
export function tabsOf({ uri }: TextDocument): readonly Tab[] {
  return window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(({ input }) => input instanceof TabInputText && String(input.uri) === String(uri));
}

/** Closes a draft that is done; emptied before, since VS Code asks what to do with one that holds something. */
export async function discardDraft(document: TextDocument): Promise<void> {
  const emptied = new WorkspaceEdit();
  emptied.delete(document.uri, new Range(0, 0, document.lineCount, 0));
  await workspace.applyEdit(emptied);
  await window.tabGroups.close(tabsOf(document));
}
