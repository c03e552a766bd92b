import { l10n, ProgressLocation, Uri, window, workspace } from "vscode";
import type { StreamEntry } from "../../event-store/event-store.ts";
import { plainText } from "../../notifications/plain-text.ts";
import type { PanelSource } from "../schemas.ts";
import type { PanelSession } from "./panel-session.ts";

/** Asks for a file and writes into it what the filter lets through, with progress, until it is whole or canceled. */
export async function exportWithProgress(
  session: PanelSession,
  name: string,
  source: PanelSource,
  filter: string,
): Promise<void> {
  const folder = workspace.workspaceFolders?.[0]?.uri;
  const file = `${name.replace(/[^\p{L}\p{N}.$-]+/gu, "_").slice(0, 100)}.ndjson`;
  const target = await window.showSaveDialog({
    title: l10n.t("Export Events"),
    filters: { [l10n.t("JSON, a line each")]: ["ndjson"], JSON: ["json"], CSV: ["csv"] },
    ...(folder !== undefined && { defaultUri: Uri.joinPath(folder, file) }),
  });
  if (target === undefined) return;
  const title = plainText(l10n.t("Exporting {0}", name));
  const options = { location: ProgressLocation.Notification, title, cancellable: true };
  await window.withProgress(options, async (progress, canceled) => {
    const stop = new AbortController();
    canceled.onCancellationRequested(() => stop.abort());
    async function* entries(): AsyncGenerator<readonly StreamEntry[]> {
      let found = 0;
      for await (const matching of session.matching(source, filter, stop.signal)) {
        stop.signal.throwIfAborted();
        found += matching.entries.length;
        progress.report({ message: l10n.t("searched {0}, wrote {1}", matching.scanned, found) });
        yield matching.entries;
      }
    }
    try {
      const { exportEvents } = await import("./export-events.ts");
      const count = await exportEvents({ target, entries: entries() });
      void window.showInformationMessage(l10n.t("Wrote {0} events to {1}.", count, target.fsPath));
    } catch (error) {
      if (!stop.signal.aborted) throw error;
    }
  });
}
