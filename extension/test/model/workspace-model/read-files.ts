import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { SourceFile } from "../../../src/workspace-model/source-file.ts";

/** The sources below a folder, as VS Code would address them. */
export const readFolder = (folder: string): readonly SourceFile[] =>
  globSync("**/{package.json,*.{ts,js}}", { cwd: folder, exclude: ["**/node_modules/**"] })
    .toSorted()
    .map((path) => ({
      uri: pathToFileURL(join(folder, path)).href,
      text: readFileSync(join(folder, path), "utf8"),
    }));
