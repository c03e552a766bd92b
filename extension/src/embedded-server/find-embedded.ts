import { readFile, realpath, stat } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { EmbeddedMissingError, EmbeddedNotBuiltError } from "./embedded-errors.ts";

const PACKAGE = join("node_modules", "@sluice", "embedded");
const COMMAND = "sluice-embedded";

/**
 * The script of the embedded server's command line: that of the workspace, as Node would find it from one of its folders,
 * or else the one that was installed for all.
 *
 * @param folders paths, in the order in which they are searched.
 * @param path the PATH of the environment.
 * @throws EmbeddedMissingError, EmbeddedNotBuiltError
 */
export async function findEmbedded(folders: readonly string[], path: string): Promise<string> {
  for (const folder of folders) {
    for (const directory of upwards(folder)) {
      const script = await scriptOf(join(directory, PACKAGE));
      if (script !== undefined) return script;
    }
  }
  for (const directory of path.split(delimiter).filter((one) => one !== "")) {
    // npm links it to the script, but for Windows, where the packages lie beside its command files.
    if (await isFile(join(directory, COMMAND))) {
      return (await scriptOf(join(directory, PACKAGE))) ?? realpath(join(directory, COMMAND));
    }
  }
  throw new EmbeddedMissingError();
}

function* upwards(folder: string): Generator<string> {
  for (let directory = folder; ; directory = dirname(directory)) {
    yield directory;
    if (dirname(directory) === directory) return;
  }
}

/** Undefined where there is no such package. */
async function scriptOf(packageDirectory: string): Promise<string | undefined> {
  let manifest: { readonly bin?: Readonly<Record<string, string>> };
  try {
    manifest = JSON.parse(await readFile(join(packageDirectory, "package.json"), "utf8")) as typeof manifest;
  } catch {
    return undefined;
  }
  const script = join(packageDirectory, manifest.bin?.[COMMAND] ?? "");
  if (!(await isFile(script))) throw new EmbeddedNotBuiltError(script);
  return script;
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
