import * as l10n from "@vscode/l10n";
import {
  CodeAction,
  CodeActionKind,
  type CodeActionProvider,
  Diagnostic,
  DiagnosticSeverity,
  Disposable,
  languages,
  Range,
  type TextDocument,
  Uri,
  window,
  workspace,
} from "vscode";
import type { Services } from "../services.ts";
import type { WorkspaceModel } from "../workspace-model/declarations.ts";
import { messageHints, type MessageHint } from "./message-hints.ts";
import { NEW_HANDLER_COMMAND, type NewHandler } from "./new-handler-command.ts";
import { SOURCES } from "./source-languages.ts";

/** A hint where it is shown, and what helps. */
class HintDiagnostic extends Diagnostic {
  readonly hint: MessageHint;

  constructor(range: Range, hint: MessageHint) {
    super(range, hintText(hint), DiagnosticSeverity.Hint);
    this.source = "Sluice";
    this.code = hint.kind;
    this.hint = hint;
  }
}

/** Marks messages that nothing handles, and handlers of messages that nothing sends, and offers to write what is missing. */
export function registerHandlerHints({ workspaceModels }: Services): Disposable {
  const diagnostics = languages.createDiagnosticCollection("sluice-handlers");
  const show = (model: WorkspaceModel): void => {
    const byFile = new Map<string, HintDiagnostic[]>();
    const texts = new Map(workspace.textDocuments.map((document) => [document.uri.toString(), document]));
    for (const hint of messageHints(model)) {
      const place = hint.kind === "not-handled" ? hint.message.place : hint.handler.place;
      const document = texts.get(place.uri);
      // Hints are for who has the file before them.
      if (document === undefined) continue;
      const range = new Range(document.positionAt(place.start), document.positionAt(place.end));
      const line = range.isSingleLine ? range : document.lineAt(range.start.line).range.intersection(range);
      byFile.set(place.uri, [...(byFile.get(place.uri) ?? []), new HintDiagnostic(line ?? range, hint)]);
    }
    diagnostics.clear();
    for (const [uri, hints] of byFile) diagnostics.set(Uri.parse(uri, true), hints);
  };
  const look = (): void => {
    const isShown = window.visibleTextEditors.some(({ document }) => mentionsTransport(document));
    if (isShown) void workspaceModels.read().then(show, () => {});
  };
  look();
  return Disposable.from(
    diagnostics,
    workspaceModels.onDidChange(show),
    window.onDidChangeVisibleTextEditors(look),
    languages.registerCodeActionsProvider(SOURCES, HINT_ACTIONS, {
      providedCodeActionKinds: [CodeActionKind.QuickFix],
    }),
  );
}

/** Whether a source has to do with the transport: only then anything is read for it. */
export const mentionsTransport = (document: TextDocument): boolean =>
  languages.match(SOURCES, document) > 0 && document.getText().includes("@sluice/transport");

const HINT_ACTIONS: CodeActionProvider = {
  provideCodeActions(_document, _range, { diagnostics }) {
    return diagnostics.flatMap((diagnostic) => {
      if (!(diagnostic instanceof HintDiagnostic)) return [];
      const { hint } = diagnostic;
      const { type } = hint.message;
      const action = new CodeAction(
        hint.kind === "not-handled"
          ? l10n.t("New handler for {0}…", type)
          : l10n.t("New handler that sends {0}…", type),
        CodeActionKind.QuickFix,
      );
      const given: NewHandler = hint.kind === "not-handled" ? { message: type } : { sends: type };
      action.command = { title: action.title, command: NEW_HANDLER_COMMAND, arguments: [given] };
      action.diagnostics = [diagnostic];
      action.isPreferred = hint.kind === "not-handled";
      return [action];
    });
  },
};

function hintText({ kind, message: { type } }: MessageHint): string {
  return kind === "not-handled"
    ? l10n.t("Nothing in this workspace handles {0}.", type)
    : l10n.t("Nothing in this workspace sends {0}.", type);
}
