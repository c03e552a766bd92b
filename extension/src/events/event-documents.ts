import { l10n } from "vscode";
import { type ReadOnlyDocuments, readOnlyDocuments } from "./read-only-documents.ts";

/** Read-only documents that show events: opened in an editor or compared with each other. */
export type EventDocuments = ReadOnlyDocuments;

export function eventDocuments(): EventDocuments {
  const documents = readOnlyDocuments(
    "sluice-event",
    l10n.t("This was opened from a stream's panel before the window was reloaded. Open it from there again."),
  );
  return {
    create: (name, content) => documents.create(`${name}.json`, content),
    dispose: () => documents.dispose(),
  };
}
