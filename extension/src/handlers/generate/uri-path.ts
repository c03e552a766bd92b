/** The folder that something lies in, without a slash at its end. */
export const directoryOf = (uri: string): string => uri.slice(0, uri.lastIndexOf("/"));

/** The last part of a URI. */
export const baseNameOf = (uri: string): string => uri.slice(uri.lastIndexOf("/") + 1);

/** The folder and all above it, the nearest first, down to the root of its workspace or file system. */
export function* directoriesAbove(uri: string): Generator<string> {
  // Not all file systems have an authority: `tmp:/src`.
  const [, root = ""] = /^([^/]*:(?:\/\/[^/]*)?)/.exec(uri) ?? [];
  for (let directory = directoryOf(uri); directory.length >= root.length && directory !== "";) {
    yield directory;
    if (directory === root) return;
    directory = directoryOf(directory);
  }
}

/** How one file names another in an import: `./messages.ts`, `../shared/messages.ts`. */
export function relativePath(from: string, to: string): string {
  const here = directoryOf(from).split("/");
  const there = to.split("/");
  let shared = 0;
  while (shared < here.length && shared < there.length - 1 && here[shared] === there[shared]) shared += 1;
  const up = "../".repeat(here.length - shared);
  return `${up === "" ? "./" : up}${there.slice(shared).map(decoded).join("/")}`;
}

/** What an import names, without the file's extension: the same for `./messages`, `./messages.js` and `./messages.ts`. */
export function importedStem(from: string, specifier: string): string | undefined {
  if (!/^\.{1,2}(?:\/|$)/.test(specifier)) return undefined;
  const parts = directoryOf(from).split("/").map(decoded);
  for (const part of specifier.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "." && part !== "") parts.push(part);
  }
  return withoutExtension(parts.join("/"));
}

/** A file without its extension, as {@link importedStem} has it. */
export const stemOf = (uri: string): string => withoutExtension(uri.split("/").map(decoded).join("/"));

const withoutExtension = (path: string): string => path.replace(/\.[cm]?[jt]sx?$/, "").replace(/\/index$/, "");

/** One part of a path. VS Code writes more characters as escapes than others do. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
