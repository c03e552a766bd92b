import { type Disposable, EventEmitter, l10n, Uri, workspace } from "vscode";

/** Documents that live as long as their editors do, as many as are looked at. */
const SCHEME = "sluice-event";

/** Read-only documents that show events: opened in an editor or compared with each other. */
export interface EventDocuments extends Disposable {
  /** @param name What the editor's tab shows, without extension. */
  create(name: string, content: string): Uri;
}

export function eventDocuments(): EventDocuments {
  const contents = new Map<string, string>();
  const changed = new EventEmitter<Uri>();
  let created = 0;
  const provider = workspace.registerTextDocumentContentProvider(SCHEME, {
    onDidChange: changed.event,
    provideTextDocumentContent: (uri) =>
      contents.get(uri.query) ??
      l10n.t("This was opened from a stream's panel before the window was reloaded. Open it from there again."),
  });
  const closed = workspace.onDidCloseTextDocument(({ uri }) => {
    if (uri.scheme === SCHEME) {
      contents.delete(uri.query);
    }
  });
  return {
    create(name, content) {
      const key = String(++created);
      contents.set(key, content);
      return Uri.from({ scheme: SCHEME, path: `/${name.replaceAll("/", "∕")}.json`, query: key });
    },
    dispose() {
      provider.dispose();
      closed.dispose();
      changed.dispose();
    },
  };
}
