import { Selection, ViewColumn, window, workspace } from "vscode";
import { DRAFT_LANGUAGE, type DraftTarget, firstGap, newDraftText } from "./event-draft.ts";

/** Opens a draft beside what is shown, with the cursor where typing begins. */
export async function openDraft(target: Omit<DraftTarget, "id">): Promise<void> {
  const content = await newDraftText({ ...target, id: crypto.randomUUID() });
  const document = await workspace.openTextDocument({ language: DRAFT_LANGUAGE, content });
  const gap = document.positionAt(firstGap(content));
  await window.showTextDocument(document, {
    viewColumn: ViewColumn.Beside,
    preview: false,
    selection: new Selection(gap, gap),
  });
}
