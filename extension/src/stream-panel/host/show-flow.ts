import { commands, l10n, window } from "vscode";
import type { RecordedEvent } from "../../event-store/event-store.ts";
import { flowOf } from "../../flow/flow-of.ts";
import { OPEN_FLOW_COMMAND } from "../../flow/open-flow.ts";

/** Shows the conversation that the event belongs to, where it belongs to one. */
export async function showFlow(connectionId: string, event: RecordedEvent): Promise<void> {
  const wanted = flowOf(connectionId, event);
  if (wanted === undefined) {
    void window.showInformationMessage(l10n.t("This event has no correlation id: it belongs to no conversation."));
    return;
  }
  await commands.executeCommand(OPEN_FLOW_COMMAND, wanted);
}
