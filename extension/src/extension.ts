import type { ExtensionContext } from "vscode";

/** The desktop host's entry. Each concern registers its own views and commands. */
export function activate(_context: ExtensionContext): void {}
