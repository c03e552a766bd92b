import * as l10n from "@vscode/l10n";
import { lineAt } from "../documents/line-at.ts";
import type { Unreadable } from "../workspace-model/unreadable.ts";
import { unreadableText } from "../workspace-model/unreadable-text.ts";

/** Stands in place of a projection that cannot be told from the sources. @param textOf what a source holds */
export function notReadableText(
  name: string,
  unreadable: readonly Unreadable[],
  textOf: (uri: string) => string | undefined,
): string {
  const lines = unreadable.map(({ reason, place: { uri, start } }) => {
    const text = textOf(uri);
    const at = text === undefined ? "" : `:${lineAt(text, start).line + 1}`;
    return `//   ${decodeURIComponent(uri).replace(/^.*\//, "")}${at}: ${unreadableText(reason)}`;
  });
  return [`// ${l10n.t("Not readable here: {0} cannot be told from the sources.", name)}`, ...lines, ""].join("\n");
}

/** Stands in place of a projection that would not be made, such as a filter where nothing is subscribed to. */
export const noneText = (name: string): string =>
  `// ${l10n.t("{0} would not be made by deploying what is declared now.", name)}\n`;

export const notDeclaredText = (component: string): string =>
  `// ${l10n.t("No component {0} is declared in this workspace.", component)}\n`;
