import { type Disposable, EventEmitter, Uri, workspace } from "vscode";

/** Read-only documents of one kind, as many as are looked at; each lives as long as its editor does. */
export interface ReadOnlyDocuments extends Disposable {
  /** @param name what the editor's tab shows; its extension decides the language. */
  create(name: string, content: string): Uri;
}

/**
 * @param scheme of their addresses; no other kind has it.
 * @param gone what stands in an editor that was restored after a reload.
 */
export function readOnlyDocuments(scheme: string, gone: string): ReadOnlyDocuments {
  const contents = new Map<string, string>();
  const changed = new EventEmitter<Uri>();
  let created = 0;
  const provider = workspace.registerTextDocumentContentProvider(scheme, {
    onDidChange: changed.event,
    provideTextDocumentContent: (uri) => contents.get(uri.query) ?? gone,
  });
  const closed = workspace.onDidCloseTextDocument(({ uri }) => {
    if (uri.scheme === scheme) contents.delete(uri.query);
  });
  return {
    create(name, content) {
      const key = String(++created);
      contents.set(key, content);
      return Uri.from({ scheme, path: `/${name.replaceAll("/", "∕")}`, query: key });
    },
    dispose() {
      provider.dispose();
      closed.dispose();
      changed.dispose();
    },
  };
}
