import { Diagnostic, DiagnosticSeverity, Range } from "vscode";
import type { DocumentProblem } from "./json-document.ts";
import { lineAt } from "./line-at.ts";

/** The problems of a document as the Problems view shows them. */
export function documentDiagnostics(text: string, problems: readonly DocumentProblem[]): readonly Diagnostic[] {
  return problems.map(({ from, to, text: message, severity }) => {
    const [start, end] = [lineAt(text, from), lineAt(text, to)];
    const diagnostic = new Diagnostic(
      new Range(start.line, start.character, end.line, end.character),
      message,
      severity === "error" ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning,
    );
    diagnostic.source = "Sluice";
    return diagnostic;
  });
}
