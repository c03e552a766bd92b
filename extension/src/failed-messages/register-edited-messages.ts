import { commands, Disposable, l10n, ProgressLocation, type TextDocument, ViewColumn, window, workspace } from "vscode";
import { showError } from "../connections/show-error.ts";
import { checkedDrafts } from "../documents/checked-drafts.ts";
import { discardDraft } from "../documents/draft-documents.ts";
import type { Services } from "../services.ts";
import { EDITED_LANGUAGE, editedMessageText, editOf } from "./edited-message.ts";
import type { FailedModel } from "./failed-model.ts";
import type { FailedRow } from "./failed-row.ts";
import { parseEdited } from "./parse-edited.ts";

const SEND_COMMAND = "sluice.failedMessages.send";

/** Drafts of messages in the place of failed ones: says at its place what is wrong with one, and sends it. */
export function registerEditedMessages({ connections, server, log }: Services, model: FailedModel): Disposable {
  async function open(row: FailedRow): Promise<void> {
    const message = model.find(row)?.message;
    const connection = connections.find(row.connectionId);
    if (message === undefined || connection === undefined || row.parkedId === undefined) {
      void window.showInformationMessage(l10n.t("This message is not there any more. Refresh the view."));
      return;
    }
    const target = { connection: connection.name, component: row.component, parkedId: row.parkedId };
    const content = await editedMessageText(target, message);
    const document = await workspace.openTextDocument({ language: EDITED_LANGUAGE, content });
    await window.showTextDocument(document, { viewColumn: ViewColumn.Active, preview: false });
  }

  async function send(document: TextDocument): Promise<void> {
    const { draft, problems } = parseEdited(document.getText(), connections.all);
    if (draft === undefined) {
      const [first] = problems.filter(({ severity }) => severity === "error");
      const line = document.positionAt(first?.from ?? 0).line + 1;
      void window.showErrorMessage(l10n.t("Nothing was sent. Line {0}: {1}", line, first?.text ?? ""));
      return;
    }
    const { connectionId, component, parkedId } = draft;
    const { version } = document;
    try {
      const edit = await editOf((await connections.openServer(connectionId)).parked, draft);
      const what = l10n.t("Send the edited message to {0}", component);
      const { parked } = await connections.openServerForWriting(connectionId, { what });
      const title = l10n.t("Sending to {0}", component);
      const id = await window.withProgress({ location: ProgressLocation.Window, title }, () =>
        parked.edit(component, parkedId, edit),
      );
      // What was typed meanwhile is not what was sent.
      if (document.isUntitled && document.version === version) await discardDraft(document);
      void window.showInformationMessage(
        l10n.t(
          "The edited message is in the queue of {0}, under the id {1}. The failed one is kept as it was.",
          component,
          id,
        ),
      );
    } catch (error) {
      log.error(error instanceof Error ? error : String(error));
      void showError(error, connections.find(connectionId));
    } finally {
      await server.look();
    }
  }

  return Disposable.from(
    checkedDrafts({
      language: EDITED_LANGUAGE,
      problemsOf: (text) => parseEdited(text, connections.all).problems,
      onDidChange: connections.onDidChange,
      lens: { title: l10n.t("Send"), command: SEND_COMMAND },
    }),
    commands.registerCommand("sluice.failedMessages.edit", async (row?: FailedRow) => row && open(row)),
    commands.registerCommand(SEND_COMMAND, async () => {
      const document = window.activeTextEditor?.document;
      if (document?.languageId === EDITED_LANGUAGE) await send(document);
    }),
  );
}
