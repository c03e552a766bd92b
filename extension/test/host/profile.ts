import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** Settings of a VS Code that asks nobody, tells nobody and shows nothing of its own accord. */
const QUIET = {
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "workbench.enableExperiments": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.localHistory.enabled": false,
  "window.restoreWindows": "none",
  "chat.disableAIFeatures": true,
  "telemetry.telemetryLevel": "off",
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "extensions.ignoreRecommendations": true,
  "git.enabled": false,
  // The desktop's default; the web's is afterDelay.
  "files.autoSave": "off",
} as const;

export interface ProfileOptions {
  /** Kept where it is given; otherwise in the throw-away folder. */
  readonly userDataDir?: string | undefined;
  readonly extensionsDir?: string | undefined;
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** A throw-away home for one run of VS Code: removed with `remove`, or when the process ends. */
export class Profile {
  readonly folder = mkdtempSync(join(tmpdir(), "sluice-vscode-"));
  readonly userDataDir: string;
  readonly extensionsDir: string;
  readonly home = join(this.folder, "home");

  constructor({ userDataDir, extensionsDir, settings = {} }: ProfileOptions = {}) {
    this.userDataDir = userDataDir ?? join(this.folder, "user-data");
    this.extensionsDir = extensionsDir ?? join(this.folder, "extensions");
    // This VS Code takes the user's part from the one, and what depends on the machine from the other.
    const files = ["User", "Machine"].map((part) => join(this.userDataDir, part, "settings.json"));
    for (const folder of [...files.map(dirname), this.extensionsDir, this.home]) mkdirSync(folder, { recursive: true });
    for (const file of files) {
      if (!existsSync(file)) writeFileSync(file, JSON.stringify({ ...QUIET, ...settings }, undefined, 2));
    }
    process.on("exit", this.remove);
  }

  readonly remove = (): void => {
    process.off("exit", this.remove);
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  };
}
