import * as l10n from "@vscode/l10n";

/** No `@sluice/embedded` in the workspace, and none on the PATH. */
export class EmbeddedMissingError extends Error {
  override readonly name = "EmbeddedMissingError";

  constructor() {
    super(
      l10n.t(
        "The embedded server is not installed: there is no package @sluice/embedded in this workspace. Install it.",
      ),
    );
  }
}

/** The package is there, but not the file that its command leads to. */
export class EmbeddedNotBuiltError extends Error {
  override readonly name = "EmbeddedNotBuiltError";

  constructor(script: string) {
    super(l10n.t("The embedded server is installed, but {0} is missing. Build or reinstall @sluice/embedded.", script));
  }
}

/** The setting is no list of texts: what it would run as it stands is not what was meant. */
export class EmbeddedCommandError extends Error {
  override readonly name = "EmbeddedCommandError";

  constructor() {
    super(
      l10n.t(
        "The setting sluice.embedded.command has to be a list: the program, then each of its arguments, such as {0}.",
        JSON.stringify(["npx", "sluice-embedded"]),
      ),
    );
  }
}

/** The server ended before it listened. */
export class EmbeddedStartError extends Error {
  override readonly name = "EmbeddedStartError";

  constructor(reason: string) {
    super(l10n.t("The embedded server did not start: {0}", reason));
  }
}

/** The server ended, and nobody had asked it to. */
export class EmbeddedEndedError extends Error {
  override readonly name = "EmbeddedEndedError";

  constructor(how: string) {
    super(l10n.t("The embedded server has ended by itself ({0}). Its log says why.", how));
  }
}

/** Nothing of a workspace is run until it is trusted. */
export class WorkspaceNotTrustedError extends Error {
  override readonly name = "WorkspaceNotTrustedError";

  constructor() {
    super(l10n.t("The embedded server is a program of this workspace. Trust the workspace to run it."));
  }
}
