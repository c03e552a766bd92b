import { type MemberNode, parse, type ValueNode } from "@humanwhocodes/momoa";
import * as l10n from "@vscode/l10n";
import type { TextRange } from "./text-range.ts";

/** What is wrong in a document that a user writes, and where. */
export interface DocumentProblem extends TextRange {
  readonly severity: "error" | "warning";
  /** A sentence with the remedy. Never repeats a password. */
  readonly text: string;
}

/** Notes a problem; an error where nothing else is said. */
export type Report = (place: TextRange, text: string, severity?: DocumentProblem["severity"]) => void;

/** A list of problems, and what fills it. */
export function reporting(): { readonly problems: readonly DocumentProblem[]; readonly report: Report } {
  const problems: DocumentProblem[] = [];
  return { problems, report: ({ from, to }, text, severity = "error") => problems.push({ from, to, text, severity }) };
}

/** The value of a document of JSON with comments; undefined, and reported where, for one that is none. */
export function documentRoot(text: string, report: Report): ValueNode | undefined {
  try {
    return parse(text, { mode: "jsonc", ranges: true, allowTrailingCommas: true }).body;
  } catch (error) {
    const { offset = 0, message } = error as { readonly offset?: number; readonly message: string };
    report({ from: offset, to: offset + 1 }, l10n.t("This is no JSON: {0}", message));
    return undefined;
  }
}

export const nameOf = ({ name }: MemberNode): string => (name.type === "String" ? name.value : name.name);

export function placeOf({ range }: { readonly range?: readonly number[] }): TextRange {
  const [from = 0, to = from] = range ?? [];
  return { from, to };
}
