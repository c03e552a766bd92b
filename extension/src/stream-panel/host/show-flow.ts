import { commands, l10n, window } from "vscode";
import type { RecordedEvent } from "../../event-store/event-store.ts";
import { correlationIdOf, metadataOf } from "../../events/metadata.ts";
import { OPEN_FLOW_COMMAND, type OpenFlow } from "../../flow/open-flow.ts";

/** Shows the conversation that the event belongs to, where it belongs to one. */
export async function showFlow(connectionId: string, event: RecordedEvent): Promise<void> {
  const { stream, revision, position, metadata } = event;
  const correlationId = correlationIdOf(metadataOf(metadata));
  if (correlationId === undefined) {
    void window.showInformationMessage(l10n.t("This event has no correlation id: it belongs to no conversation."));
    return;
  }
  const place = { commit: String(position.commit), prepare: String(position.prepare) };
  const wanted: OpenFlow = { connectionId, correlationId, from: { stream, revision: String(revision), ...place } };
  await commands.executeCommand(OPEN_FLOW_COMMAND, wanted);
}
