/**
 * Keeps the texts that users see together: collects those in the sources into `l10n/bundle.l10n.json`, or with --check
 * says what does not fit, a line each: texts that are missing in the bundle or the manifest's, or that nobody uses.
 *
 *   node scripts/l10n.ts [--check]
 */
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { getL10nJson, type l10nJsonFormat } from "@vscode/l10n-dev";

const root = join(import.meta.dirname, "..");
const BUNDLE = "l10n/bundle.l10n.json";
const MANIFEST_TEXTS = "package.nls.json";

const used = await getL10nJson(
  globSync("src/**/*.ts", { cwd: root })
    .sort()
    .map((file) => ({ extension: ".ts", contents: read(file) })),
);
const bundle = JSON.stringify(used, undefined, 2);

if (process.argv.includes("--check")) {
  const wrong = [...bundleFaults(), ...manifestFaults(), ...translationFaults()];
  for (const line of wrong) process.stderr.write(`${line}\n`);
  process.exitCode = wrong.length > 0 ? 1 : 0;
} else {
  writeFileSync(join(root, BUNDLE), `${bundle}\n`);
}

function bundleFaults(): string[] {
  const differs = JSON.stringify(parse(BUNDLE), undefined, 2) !== bundle;
  return differs ? [`${BUNDLE} does not hold the texts of the sources. Run \`npm run l10n\`.`] : [];
}

/** Whatever VS Code shows of a manifest is a key in percent signs, with a text of its own. */
function manifestFaults(): string[] {
  const shown = /^(title|name|displayName|description|markdownDescription|contents|label|enumDescriptions|altText)$/;
  const texts = parse(MANIFEST_TEXTS);
  const manifest: unknown = JSON.parse(read("package.json"));
  const keys = new Set<string>();
  const faults: string[] = [];
  const visit = (value: unknown, path: readonly string[]): void => {
    if (typeof value === "string") {
      const key = /^%(.+)%$/.exec(value)?.[1];
      if (key !== undefined) keys.add(key);
      else if (isShown(path))
        faults.push(`package.json: ${path.join(".")} is "${value}" instead of a key such as %key%.`);
    } else if (typeof value === "object" && value !== null) {
      for (const [name, part] of Object.entries(value)) visit(part, [...path, name]);
    }
  };
  const isShown = (path: readonly string[]): boolean => {
    const name = path.findLast((part) => !/^\d+$/.test(part)) ?? "";
    // The name in the marketplace's address, and the name of the product, are the same in every language.
    return (
      path[0] === "contributes" && shown.test(name) && path.at(-2) !== "activitybar" && !path.includes("activitybar")
    );
  };
  visit(manifest, []);
  for (const key of keys) if (texts[key] === undefined) faults.push(`${MANIFEST_TEXTS}: the text ${key} is missing.`);
  for (const key of Object.keys(texts)) if (!keys.has(key)) faults.push(`${MANIFEST_TEXTS}: nothing uses ${key}.`);
  return faults;
}

/** A translation says all that the original says, with the same places for values, and nothing else. */
function translationFaults(): string[] {
  return globSync(["package.nls.*.json", "l10n/bundle.l10n.*.json"], { cwd: root }).flatMap((file) => {
    const original = parse(file.startsWith("l10n") ? BUNDLE : MANIFEST_TEXTS);
    const translation = parse(file);
    return [
      ...Object.keys(original)
        .filter((key) => translation[key] === undefined)
        .map((key) => `lacks "${key}"`),
      ...Object.keys(translation)
        .filter((key) => original[key] === undefined)
        .map((key) => `has "${key}", which is not used`),
      ...Object.keys(original)
        .filter((key) => translation[key] !== undefined && places(translation[key]) !== places(original[key]))
        .map((key) => `has other places for values in "${key}"`),
    ].map((fault) => `${file} ${fault}.`);
  });
}

type Text = l10nJsonFormat[string];

/** `{0}` for values, and the commands that links lead to. */
function places(text: Text | undefined): string {
  const message = typeof text === "string" ? text : (text?.message ?? "");
  return [...new Set(message.match(/\{\w+\}|\(command:[^)]*\)/g))].sort().join(" ");
}

function parse(file: string): l10nJsonFormat {
  return JSON.parse(read(file)) as l10nJsonFormat;
}

function read(file: string): string {
  return readFileSync(join(root, file), "utf8");
}
