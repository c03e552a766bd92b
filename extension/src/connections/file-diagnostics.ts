import { Diagnostic, DiagnosticSeverity, Range } from "vscode";
import type { FileProblem } from "./connection-file.ts";
import { lineAt } from "./line-at.ts";

/** The problems of a file as the Problems view shows them. */
export function fileDiagnostics(text: string, problems: readonly FileProblem[]): readonly Diagnostic[] {
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
