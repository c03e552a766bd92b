/**
 * Makes the pictures of the README anew: the UI run takes them, pngquant presses them into `docs/`.
 *
 *   npm run screenshots -w extension
 *
 * Look at each before it is committed.
 */
import { execFileSync } from "node:child_process";
import { globSync, mkdirSync } from "node:fs";
import { basename, join } from "node:path";

const extension = join(import.meta.dirname, "..");
/** By the class that a theme gives the workbench. */
const THEMES = { "vs-dark": "dark", vs: "light" } as const;

execFileSync(process.execPath, ["--conditions=sluice-source", "test/run.ts", "ui", "--only", "^readme"], {
  cwd: extension,
  stdio: "inherit",
});
mkdirSync(join(extension, "docs"), { recursive: true });
for (const [theme, name] of Object.entries(THEMES)) {
  const suffix = `-${theme}.png`;
  for (const picture of globSync(`.screenshots/readme-*${suffix}`, { cwd: extension })) {
    const subject = basename(picture).slice("readme-".length, -suffix.length);
    const target = join("docs", `${subject}-${name}.png`);
    press(picture, target);
    process.stdout.write(`${target}\n`);
  }
}

function press(picture: string, target: string): void {
  try {
    const options = ["--quality", "80-98", "--speed", "1", "--strip", "--force", "--output", target];
    execFileSync("pngquant", [...options, picture], { cwd: extension, stdio: "inherit" });
  } catch (cause) {
    throw new Error("pngquant did not press the picture. Install it by `apt-get install pngquant`.", { cause });
  }
}
