import {
  chmodSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The root of this package, from its sources as from what is published. */
const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** npm leaves files of this name out of packages. */
const IGNORE_FILE = { packed: "gitignore", written: ".gitignore" };

/**
 * Writes a project into a folder that is empty or not there: whole, or not at all.
 * @returns its files.
 */
export function writeStarter(name: string, folder: string): readonly string[] {
  const draft = mkdtempSync(join(dirname(folder), `.${basename(folder)}-`));
  try {
    cpSync(join(ROOT, "starter"), draft, { recursive: true });
    renameSync(join(draft, IGNORE_FILE.packed), join(draft, IGNORE_FILE.written));
    replaced(join(draft, "package.json"), (text) => text.replace('"name": "starter"', `"name": "${name}"`));
    replaced(join(draft, "README.md"), (text) => text.replace("# starter", `# ${name}`));
    // A folder that is made to be temporary is its maker's alone.
    chmodSync(draft, 0o755);
    // Without anything in it, as whoever calls has made sure: a folder that is not empty is refused here.
    renameSync(draft, folder);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => statSync(join(folder, file)).isFile())
    .map((file) => file.replaceAll("\\", "/"))
    .toSorted();
}

function replaced(file: string, change: (text: string) => string): void {
  writeFileSync(file, change(readFileSync(file, "utf8")));
}
