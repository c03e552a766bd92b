import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UsageError } from "../command-line/usage-error.ts";

/**
 * Has a person edit a text in the editor that the environment names, in a file that only this user may read and that is gone
 * afterwards.
 * @throws UsageError where there is no editor, or it has failed.
 */
export async function editText(text: string, name: string, environment: NodeJS.ProcessEnv): Promise<string> {
  const editor = environment["VISUAL"] || environment["EDITOR"];
  if (!editor) throw new UsageError("No editor is known: set EDITOR, or give the edited body by --body FILE.");
  const folder = mkdtempSync(join(tmpdir(), "sluice-edit-"));
  const file = join(folder, name);
  try {
    writeFileSync(file, text, { mode: 0o600 });
    // As git does it, so that an editor may have arguments. On Windows the shell is another, and quotes otherwise.
    const child =
      process.platform === "win32"
        ? spawn(`${editor} "${file}"`, { stdio: "inherit", shell: true })
        : spawn("sh", ["-c", `${editor} "$1"`, editor, file], { stdio: "inherit" });
    const [code] = await once(child, "exit");
    if (code !== 0) throw new UsageError(`The editor (${editor}) has failed, and nothing was changed.`);
    return readFileSync(file, "utf8");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
