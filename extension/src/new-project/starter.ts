/** The files of a new project, in the order in which they are told: those of `cli/starter`, which the build lays into the folder `starter`. */
export const STARTER_FILES: readonly string[] = [
  "package.json",
  "tsconfig.json",
  "README.md",
  "src/messages.ts",
  "src/sales.ts",
  "src/components.ts",
  "src/server.ts",
  "src/main.ts",
  "test/sales.test.ts",
  ".vscode/extensions.json",
  ".vscode/launch.json",
  ".vscode/settings.json",
  ".gitignore",
];

/** What is shown of a new project first: a handler, to go on from. */
export const STARTER_HANDLER = "src/sales.ts";

/** What a file of the starter holds in a folder of this name. */
export function starterText(file: string, text: string, folder: string): string {
  if (file === "package.json") return text.replace('"name": "starter"', `"name": "${packageName(folder)}"`);
  return file === "README.md" ? text.replace("# starter", `# ${folder}`) : text;
}

/** A name that npm takes: of a folder's name what it allows. */
function packageName(folder: string): string {
  const name = folder
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, "-")
    .replaceAll(/^[._-]+|-+$/g, "")
    .slice(0, 200);
  return name === "" || name === "node_modules" ? "starter" : name;
}
