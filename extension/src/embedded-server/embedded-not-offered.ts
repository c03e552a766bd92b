import * as l10n from "@vscode/l10n";
import { commands, Disposable, window } from "vscode";

const COMMANDS = ["start", "stop", "restart", "showLog", "install"] as const;

/** The commands of the embedded server where no program can be run: they say so. */
export function embeddedNotOffered(): Disposable {
  const say = (): void =>
    void window.showInformationMessage(
      l10n.t("A browser cannot run a server. Open this folder in VS Code on the desktop, or on a remote machine."),
    );
  return Disposable.from(...COMMANDS.map((name) => commands.registerCommand(`sluice.embedded.${name}`, say)));
}
