import { CodeLens, Disposable, type Event, languages, Range, type TextDocument, window, workspace } from "vscode";
import { documentDiagnostics } from "./document-diagnostics.ts";
import { tabsOf } from "./draft-documents.ts";
import type { DocumentProblem } from "./json-document.ts";

export interface CheckedDrafts {
  /** The language that drafts of this kind have. */
  readonly language: string;
  readonly problemsOf: (text: string) => readonly DocumentProblem[];
  /** Fired when other things may be wrong than before, though nothing was typed. */
  readonly onDidChange: Event<unknown>;
  /** What a lens above a draft does with it. */
  readonly lens: { readonly title: string; readonly command: string };
}

/** Says at its place what is wrong with each draft of a language, as long as it is open. */
export function checkedDrafts({ language, problemsOf, onDidChange, lens }: CheckedDrafts): Disposable {
  const diagnostics = languages.createDiagnosticCollection(language);
  const check = (document: TextDocument): void => {
    if (document.languageId !== language) return;
    const text = document.getText();
    diagnostics.set(document.uri, documentDiagnostics(text, tabsOf(document).length === 0 ? [] : problemsOf(text)));
  };
  const checkAll = (): void => workspace.textDocuments.forEach(check);
  checkAll();
  return Disposable.from(
    diagnostics,
    workspace.onDidOpenTextDocument(check),
    workspace.onDidChangeTextDocument(({ document }) => check(document)),
    window.tabGroups.onDidChangeTabs(checkAll),
    onDidChange(checkAll),
    languages.registerCodeLensProvider(language, {
      provideCodeLenses: () => [new CodeLens(new Range(0, 0, 0, 0), lens)],
    }),
  );
}
