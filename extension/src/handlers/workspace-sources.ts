import { FileSystemError, Uri, workspace } from "vscode";
import type { Sources } from "./generate/sources.ts";

/** The workspace's files, with what is typed in their editors and not saved. Works wherever the workspace lies. */
export const workspaceSources: Sources = {
  async read(uri) {
    const open = workspace.textDocuments.find((document) => document.uri.toString() === uri);
    if (open !== undefined) return open.getText();
    try {
      return new TextDecoder().decode(await workspace.fs.readFile(Uri.parse(uri, true)));
    } catch (error) {
      if (error instanceof FileSystemError) return undefined;
      throw error;
    }
  },
  async list(directory) {
    try {
      return (await workspace.fs.readDirectory(Uri.parse(`${directory}/`, true))).map(([name]) => name);
    } catch (error) {
      // Also a folder above the workspace, which a virtual one may not have.
      if (error instanceof FileSystemError) return [];
      throw error;
    }
  },
};
