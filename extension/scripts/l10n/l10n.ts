/**
 * Keeps the texts that users see together: collects those in the sources into `l10n/bundle.l10n.json`, or with --check
 * says what does not fit, a line each: texts that no translation can reach, that are missing in a bundle or a
 * translation, or that nobody uses.
 *
 *   node scripts/l10n/l10n.ts [--check]
 */
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { getL10nJson, type l10nJsonFormat } from "@vscode/l10n-dev";
import { bareTexts } from "./bare-texts.ts";
import { manifestFaults } from "./manifest-faults.ts";
import { schemaFaults } from "./schema-faults.ts";
import { translationFaults } from "./translation-faults.ts";

const root = join(import.meta.dirname, "..", "..");
const BUNDLE = "l10n/bundle.l10n.json";
const MANIFEST_TEXTS = "package.nls.json";
const SCHEMA = "schemas/sluice.schema.json";

/** What is written into users' sources is code, and so are its comments. */
const WRITES_CODE = /^src\/handlers\/(?:generate|inference)\//;

const sources = globSync("src/**/*.ts", { cwd: root })
  .sort()
  .map((file) => ({ file, extension: ".ts" as const, contents: read(file) }));
const used = await getL10nJson(sources);
const bundle = JSON.stringify(used, undefined, 2);

if (process.argv.includes("--check")) {
  const wrong = [
    ...sourceFaults(),
    ...bundleFaults(),
    ...manifestFaults(JSON.parse(read("package.json")), texts(MANIFEST_TEXTS)),
    ...translationsOf(BUNDLE, translationFaults),
    ...translationsOf(MANIFEST_TEXTS, translationFaults),
    ...translationsOf(SCHEMA, schemaFaults),
  ];
  for (const line of wrong) process.stderr.write(`${line}\n`);
  process.exitCode = wrong.length > 0 ? 1 : 0;
} else {
  writeFileSync(join(root, BUNDLE), `${bundle}\n`);
}

function sourceFaults(): string[] {
  return sources
    .filter(({ file }) => !WRITES_CODE.test(file.replaceAll("\\", "/")))
    .flatMap(({ file, contents }) =>
      bareTexts(file, contents).map(({ line, text }) => `${file}:${line} says "${text}" past l10n.t.`),
    );
}

function bundleFaults(): string[] {
  const differs = JSON.stringify(texts(BUNDLE), undefined, 2) !== bundle;
  return differs ? [`${BUNDLE} does not hold the texts of the sources. Run \`npm run l10n\`.`] : [];
}

/** What is wrong with the translations of a file; one that is missing where the manifest is translated is wrong, too. */
function translationsOf(
  original: string,
  faultsOf: (original: l10nJsonFormat, one: l10nJsonFormat) => string[],
): string[] {
  const languages = globSync("package.nls.*.json", { cwd: root }).map((file) => file.split(".")[2] ?? "");
  return languages.flatMap((language) => {
    const file = original.replace(/\.json$/, `.${language}.json`);
    return faultsOf(texts(original), texts(file)).map((fault) => `${file} ${fault}.`);
  });
}

function texts(file: string): l10nJsonFormat {
  return JSON.parse(read(file)) as l10nJsonFormat;
}

function read(file: string): string {
  return readFileSync(join(root, file), "utf8");
}
