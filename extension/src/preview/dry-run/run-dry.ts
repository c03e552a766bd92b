import * as l10n from "@vscode/l10n";
import {
  commands,
  Diagnostic,
  DiagnosticSeverity,
  type DiagnosticCollection,
  Disposable,
  InputBoxValidationSeverity,
  languages,
  ProgressLocation,
  Range,
  type Uri,
  window,
  workspace,
} from "vscode";
import type { Connection } from "../../connections/connection.ts";
import type { Connections } from "../../connections/connections.ts";
import { showError } from "../../connections/show-error.ts";
import { readOnlyDocuments } from "../../events/read-only-documents.ts";
import { askText } from "../../quick-input/ask-text.ts";
import { BACK } from "../../quick-input/run-steps.ts";
import type { PreviewAddress } from "../preview-address.ts";
import { type DryRun, dryRun } from "./dry-run.ts";
import { dryRunText, faultText } from "./dry-run-text.ts";

const SCHEME = "sluice-dry-run";
const EVENTS = 500;
const MOST_EVENTS = 100_000;

/** A script that is to be tried, and the document that shows it. */
export interface DryRunTarget {
  readonly address: PreviewAddress;
  readonly uri: Uri;
  readonly script: string;
  readonly connection: Connection;
}

/** Runs scripts over events that are really there, writes nothing, and shows what would become of each. */
export interface DryRuns extends Disposable {
  /** Asks over how many events. */
  run(target: DryRunTarget): Promise<void>;
}

export function dryRuns(connections: Connections): DryRuns {
  const faults = languages.createDiagnosticCollection(SCHEME);
  const documents = readOnlyDocuments(
    SCHEME,
    l10n.t("This was made before the window was reloaded. Run it again from the projection's preview."),
  );
  const closed = workspace.onDidCloseTextDocument(({ uri }) => faults.delete(uri));
  // What was typed since may have mended it.
  const changed = workspace.onDidChangeTextDocument(({ document }) => faults.delete(document.uri));

  async function run(target: DryRunTarget): Promise<void> {
    const limit = await askHowMany(target.address.name);
    if (limit === undefined) return;
    faults.delete(target.uri);
    // What is tried stays beside what comes of it: its fault is underlined there.
    if (String(window.activeTextEditor?.document.uri) === String(target.uri)) {
      await commands.executeCommand("workbench.action.keepEditor");
    }
    try {
      const result = await withProgress(connections, target, limit);
      if (result === undefined) return;
      const { name } = target.address;
      const text = dryRunText(result, { projection: name, server: target.connection.name, limit });
      const document = await workspace.openTextDocument(
        documents.create(`${l10n.t("Dry run of {0}", name)}.txt`, text),
      );
      mark(faults, target, result);
      await window.showTextDocument(document, { preview: true });
    } catch (error) {
      await showError(error, target.connection);
    }
  }

  const all = Disposable.from(faults, documents, closed, changed);
  return { run, dispose: () => all.dispose() };
}

async function askHowMany(projection: string): Promise<number | undefined> {
  const answer = await askText({
    title: l10n.t("Dry run of {0}", projection),
    prompt: l10n.t("Over how many of the last events? They are only read."),
    value: String(EVENTS),
    validate: (text) =>
      /^[1-9]\d*$/.test(text.trim()) && Number(text) <= MOST_EVENTS
        ? undefined
        : {
            message: l10n.t("Enter a number from 1 to {0}.", MOST_EVENTS),
            severity: InputBoxValidationSeverity.Error,
          },
  });
  return answer === undefined || answer === BACK ? undefined : Number(answer);
}

/** Undefined where the user has stopped it. */
async function withProgress(
  connections: Connections,
  { address, script, connection }: DryRunTarget,
  limit: number,
): Promise<DryRun | undefined> {
  const reader = await connections.open(connection.id);
  // The engine is large: it is loaded when a script is to be tried.
  const { startScriptThread } = await import("./script-thread.ts");
  const thread = startScriptThread();
  const title = l10n.t("Dry run of {0}", address.name);
  const stop = new AbortController();
  try {
    return await window.withProgress(
      { location: ProgressLocation.Notification, title, cancellable: true },
      async (progress, cancelled) => {
        cancelled.onCancellationRequested(() => {
          stop.abort();
          thread.dispose();
        });
        progress.report({ message: l10n.t("reading events") });
        return dryRun(reader, thread, {
          script,
          kind: address.kind,
          limit,
          signal: stop.signal,
          onProgress: (done, of) => progress.report({ message: l10n.t("{0} of {1}", done, of), increment: 0 }),
        });
      },
    );
  } catch (error) {
    if (stop.signal.aborted) return undefined;
    throw error;
  } finally {
    thread.dispose();
  }
}

/** A fault at its line, in the document that was run. */
function mark(faults: DiagnosticCollection, { uri, script }: DryRunTarget, { fault }: DryRun): void {
  if (fault === undefined) return;
  const line = Math.min((fault.line ?? 1) - 1, script.split("\n").length - 1);
  const length = script.split("\n")[line]?.length ?? 0;
  const diagnostic = new Diagnostic(new Range(line, 0, line, length), faultText(fault), DiagnosticSeverity.Error);
  diagnostic.source = "Sluice";
  faults.set(uri, [diagnostic]);
}
