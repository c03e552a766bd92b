import type { ExtensionContext } from "vscode";

/** The web worker host's entry: what needs sockets is not offered there, and says so. */
export function activate(_context: ExtensionContext): void {}
