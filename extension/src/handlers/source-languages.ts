import type { DocumentFilter } from "vscode";

/** Languages that messages and handlers are written in. */
export const SOURCES: readonly DocumentFilter[] = [
  "typescript",
  "typescriptreact",
  "javascript",
  "javascriptreact",
].map((language) => ({ language }));
