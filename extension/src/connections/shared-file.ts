import { Uri, type WorkspaceFolder } from "vscode";

/** The file by which a folder shares connections. */
export const sharedFileOf = ({ uri }: Pick<WorkspaceFolder, "uri">): Uri => Uri.joinPath(uri, ".vscode", "sluice.json");
