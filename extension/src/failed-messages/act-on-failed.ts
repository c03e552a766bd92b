import type { ActionOptions, ActionProgress } from "@sluice/transport/deploy";
import { l10n, ProgressLocation, window } from "vscode";
import type { Connections } from "../connections/connections.ts";
import { showError } from "../connections/show-error.ts";
import type { ParkedWriter } from "../server/server.ts";
import type { ServerWatch } from "../server/server-watch.ts";
import type { SelectedMessages } from "./failed-selection.ts";

/** What is done with failed messages, in words. */
export interface FailedAction {
  /** What is about to be done to so many messages. */
  readonly what: (count: number, components: string) => string;
  readonly button: string;
  /** What becomes of them. */
  readonly meaning: string;
  readonly title: string;
  readonly done: (count: number) => string;
  readonly act: (
    parked: ParkedWriter,
    selected: SelectedMessages,
    options: Omit<ActionOptions, "by">,
  ) => Promise<ActionProgress>;
}

/** Has messages handled again, as new. */
export const retrying = (): FailedAction => ({
  what: (count, components) =>
    count === 1
      ? l10n.t("Retry 1 failed message of {0}", components)
      : l10n.t("Retry {0} failed messages of {1}", count.toLocaleString(), components),
  button: l10n.t("Retry"),
  meaning: l10n.t("They go back into the queue and are handled as new. What fails again comes back here."),
  title: l10n.t("Retrying failed messages"),
  done: (count) =>
    count === 1
      ? l10n.t("1 message is in the queue again.")
      : l10n.t("{0} messages are in the queue again.", count.toLocaleString()),
  act: (parked, { component, selection }, options) => parked.retry(component, selection, options),
});

/** Takes messages off the list; they stay on the server. */
export const archiving = (): FailedAction => ({
  what: (count, components) =>
    count === 1
      ? l10n.t("Archive 1 failed message of {0}", components)
      : l10n.t("Archive {0} failed messages of {1}", count.toLocaleString(), components),
  button: l10n.t("Archive"),
  meaning: l10n.t("They are no longer listed and are not handled. Nothing is deleted from the server."),
  title: l10n.t("Archiving failed messages"),
  done: (count) =>
    count === 1 ? l10n.t("1 message is archived.") : l10n.t("{0} messages are archived.", count.toLocaleString()),
  act: (parked, { component, selection }, options) => parked.archive(component, selection, options),
});

/**
 * Does it to all that is selected, after a question that says how many they are, with progress, until it is done or stopped: what is
 * done stays done, and nothing is lost in between, since each message is told of only once its copy is in the queue.
 */
export async function actOnFailed(
  { connections, server }: { readonly connections: Connections; readonly server: Pick<ServerWatch, "look"> },
  selected: readonly SelectedMessages[],
  { what, button, meaning, title, done, act }: FailedAction,
): Promise<void> {
  const connectionId = selected[0]?.connectionId;
  if (connectionId === undefined) return;
  const own = selected.filter((one) => one.connectionId === connectionId);
  const count = own.reduce((sum, one) => sum + one.count, 0);
  const components = [...new Set(own.map(({ component }) => component))].join(", ");
  const stop = new AbortController();
  let finished = 0;
  let gone = 0;
  try {
    const intent = { what: what(count, components), question: { button, lines: [meaning] } };
    const { parked } = await connections.openServerForWriting(connectionId, intent);
    const options = { location: ProgressLocation.Notification, title, cancellable: true };
    await window.withProgress(options, async (progress, cancelled) => {
      cancelled.onCancellationRequested(() => stop.abort());
      for (const one of own) {
        const begun = { finished, gone };
        const result = await act(parked, one, {
          signal: stop.signal,
          onProgress: (so) => {
            finished = begun.finished + so.done;
            gone = begun.gone + so.gone;
            progress.report({
              message: l10n.t("{0} of {1}", finished.toLocaleString(), Math.max(count, finished).toLocaleString()),
            });
          },
        });
        finished = begun.finished + result.done;
        gone = begun.gone + result.gone;
      }
    });
    const left = gone === 0 ? "" : ` ${l10n.t("{0} are gone from the server and can only be archived.", gone)}`;
    void window.showInformationMessage(`${done(finished - gone)}${left}`);
  } catch (error) {
    if (stop.signal.aborted) {
      void window.showInformationMessage(
        l10n.t("Stopped after {0} of {1}. The others are as they were.", finished, count),
      );
    } else void showError(error, connections.find(connectionId));
  } finally {
    await server.look();
  }
}
