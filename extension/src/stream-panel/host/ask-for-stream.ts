import { l10n, window } from "vscode";
import type { Connections } from "../../connections/connections.ts";
import { askText } from "../../quick-input/ask-text.ts";
import type { OpenStream } from "../open-stream.ts";

/** A stream of the current connection, by its name; undefined where the user gives up, or there is no connection. */
export async function askForStream({ current }: Connections): Promise<OpenStream | undefined> {
  if (current === undefined) {
    void window.showInformationMessage(l10n.t("There is no connection yet. Add one in the view Connections."));
    return undefined;
  }
  const stream = await askText({
    title: l10n.t("Open a Stream of {0}", current.name),
    prompt: l10n.t("Its name; $all is the log of all streams."),
  });
  return typeof stream === "string" && stream !== "" ? { connectionId: current.id, stream } : undefined;
}
