import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "esbuild";
import subsetFont from "subset-font";

const root = join(import.meta.dirname, "..");
const RULE = /^\.codicon-([\w-]+):before \{ content: "\\(\w+)" \}\n/gm;
/** A text that is one word, which may name an icon, or an icon's class. */
const NAMED = /"([a-z][a-z-]*)"|codicon-([a-z-]+)/g;

/** Of VS Code's icons only those that a webview may show: whatever is named like one in the sources. All of them are 60 KB of the VSIX. */
export const usedIcons: Plugin = {
  name: "used-icons",
  setup(build) {
    const used = new Set(
      globSync("src/**/*.{ts,css}", { cwd: root }).flatMap((path) =>
        [...readFileSync(join(root, path), "utf8").matchAll(NAMED)].map(([, word, icon]) => word ?? icon),
      ),
    );

    build.onLoad({ filter: /codicon\.css$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8").replace(RULE, (rule, name: string) => (used.has(name) ? rule : "")),
      loader: "css",
    }));
    build.onLoad({ filter: /codicon\.ttf$/ }, async ({ path }) => {
      const css = readFileSync(path.replace(/\.ttf$/, ".css"), "utf8");
      const rules = [...css.matchAll(RULE)].filter(([, name]) => used.has(name));
      const text = String.fromCodePoint(...rules.map(([, , code = ""]) => Number.parseInt(code, 16)));
      return { contents: await subsetFont(readFileSync(path), text, { targetFormat: "truetype" }), loader: "file" };
    });
  },
};
