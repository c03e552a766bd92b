import { commands, Disposable, env, EventEmitter, l10n, window } from "vscode";
import { SHOW_FAILED_COMMAND, targetIn } from "../components/component-commands.ts";
import { rowsTree } from "../components/rows-tree.ts";
import { readOnlyDocuments } from "../events/read-only-documents.ts";
import { shortName } from "../events/short-name.ts";
import type { Services } from "../services.ts";
import { watchedWhile } from "../tree-view/watched-while.ts";
import { commandRows, type RowArguments } from "../tree-view/command-rows.ts";
import { actOnFailed, archiving, type FailedAction, retrying } from "./act-on-failed.ts";
import { failedDocument } from "./failed-document.ts";
import { FailedModel } from "./failed-model.ts";
import type { FailedRow } from "./failed-row.ts";
import { MORE_FAILED_MESSAGES_COMMAND, SHOW_FAILED_MESSAGE_COMMAND } from "./failed-rows.ts";
import { selectedMessages } from "./failed-selection.ts";
import { registerEditedMessages } from "./register-edited-messages.ts";

/** The Failed Messages view and its commands. */
export function registerFailedMessages(services: Services): Disposable {
  const { connections, server } = services;
  const changed = new EventEmitter<undefined>();
  const model = new FailedModel(connections, server);
  const view = window.createTreeView<FailedRow>("sluice.failedMessages", {
    treeDataProvider: rowsTree((row?: FailedRow) => model.children(row), changed.event),
    canSelectMany: true,
    showCollapseAll: true,
  });
  const documents = readOnlyDocuments(
    "sluice-failed",
    l10n.t("This was opened before the window was reloaded. Open it again from the Failed Messages view."),
  );
  const show = (): void => {
    const { count } = model;
    view.description = [connections.current?.name ?? "", ...(count === 0 ? [] : [count.toLocaleString()])].join(" · ");
    const message = model.unseen ?? (model.isNone ? l10n.t("No message has failed.") : undefined);
    // VS Code takes a message away where there is none.
    Object.assign(view, { message });
    changed.fire(undefined);
  };
  show();

  const act = (id: string, action: () => FailedAction): Disposable =>
    commands.registerCommand(id, async (...given: RowArguments<FailedRow>) => {
      const rows = commandRows(given, view.selection);
      const messages = selectedMessages(rows.filter(({ count }) => count > 0));
      if (messages.length > 0) await actOnFailed(services, messages, action());
      else if (given.length === 0 || rows.length > 0)
        void window.showInformationMessage(l10n.t("Select failed messages, a failure group or a component first."));
    });

  async function open(row: FailedRow): Promise<void> {
    const parked = model.find(row);
    if (parked === undefined) {
      void window.showInformationMessage(l10n.t("This message is not there any more. Refresh the view."));
      return;
    }
    const name = shortName(parked.message?.type ?? row.component);
    const uri = documents.create(`${name}.json`, await failedDocument(row.component, parked));
    await window.showTextDocument(uri, { preview: true, preserveFocus: true });
  }

  async function reveal(argument: unknown): Promise<void> {
    await commands.executeCommand("sluice.failedMessages.focus");
    const component = targetIn(argument)?.component;
    const row = component === undefined ? undefined : model.componentRow(component);
    if (row !== undefined) await view.reveal(row, { select: true, focus: true, expand: true });
  }

  return Disposable.from(
    changed,
    view,
    documents,
    watchedWhile(view, () => server.watch()),
    server.onDidChange(show),
    connections.onDidChange(show),
    registerEditedMessages(services, model),
    commands.registerCommand("sluice.failedMessages.refresh", () => server.look()),
    commands.registerCommand(SHOW_FAILED_COMMAND, reveal),
    commands.registerCommand(SHOW_FAILED_MESSAGE_COMMAND, async (row?: FailedRow) => row && open(row)),
    commands.registerCommand(MORE_FAILED_MESSAGES_COMMAND, (row?: FailedRow) => {
      if (row !== undefined) model.more(row);
      changed.fire(undefined);
    }),
    act("sluice.failedMessages.retry", retrying),
    act("sluice.failedMessages.archive", archiving),
    commands.registerCommand("sluice.failedMessages.copyId", async (row?: FailedRow) => {
      const id = row && model.find(row)?.message?.id;
      if (id === undefined) return;
      await env.clipboard.writeText(id);
      window.setStatusBarMessage(l10n.t("Copied {0}", id), 5000);
    }),
  );
}
