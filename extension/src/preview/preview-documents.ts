import { Disposable, EventEmitter, type TextDocumentContentProvider, type Uri, workspace } from "vscode";
import type { WorkspaceModels } from "../workspace-model/workspace-models.ts";
import { addressOf, PROJECTION_SCHEME } from "./preview-address.ts";
import { noneText, notDeclaredText, notReadableText } from "./preview-text.ts";
import type { ProjectionPreviews } from "./projection-previews.ts";

/** Read-only documents that show projections, and follow the sources as they are typed. */
export interface PreviewDocuments extends Disposable {
  /** Shows again what is open: something else is deployed, or declared. */
  refresh(): void;
}

export function previewDocuments(previews: ProjectionPreviews, models: WorkspaceModels): PreviewDocuments {
  const changed = new EventEmitter<Uri>();
  const provider: TextDocumentContentProvider = {
    onDidChange: changed.event,
    provideTextDocumentContent: (uri) => contentOf(uri, previews),
  };
  const refresh = (): void => {
    for (const { uri } of workspace.textDocuments) if (uri.scheme === PROJECTION_SCHEME) changed.fire(uri);
  };
  const all = Disposable.from(
    changed,
    workspace.registerTextDocumentContentProvider(PROJECTION_SCHEME, provider),
    models.onDidChange(refresh),
  );
  return { refresh, dispose: () => all.dispose() };
}

async function contentOf(uri: Uri, previews: ProjectionPreviews): Promise<string> {
  const address = addressOf(uri);
  if (address === undefined) return "";
  const found = await previews.find(address);
  if (found === undefined) return notDeclaredText(address.component);
  const { preview } = found;
  if (address.shows === "deployed") return preview?.deployed?.isGone === false ? preview.deployed.text : "";
  if (preview === undefined) return noneText(address.name);
  return preview.text ?? notReadableText(preview.name, preview.unreadable, openText);
}

const openText = (uri: string): string | undefined =>
  workspace.textDocuments.find((document) => document.uri.toString() === uri)?.getText();
