import type { l10nJsonFormat } from "@vscode/l10n-dev";

/** The members of a manifest that VS Code shows to users. */
const SHOWN =
  /^(?:title|shortTitle|name|displayName|description|markdownDescription|contents|label|altText|tooltip|errorMessage|(?:markdown)?(?:enumDescriptions|deprecationMessage)|enumItemLabels|patternErrorMessage)$/;
/** The names of the extension in addresses, and of the product, which are the same in every language. */
const NAMES = /^(?:name|contributes\.viewsContainers\.activitybar\.\d+\.title|contributes\.commands\.\d+\.category)$/;

/** Whatever VS Code shows of a manifest is a key in percent signs, with a text of its own. */
export function manifestFaults(manifest: unknown, texts: l10nJsonFormat): string[] {
  const keys = new Set<string>();
  const faults: string[] = [];
  const visit = (value: unknown, path: readonly string[]): void => {
    if (typeof value === "string") {
      const key = /^%(.+)%$/.exec(value)?.[1];
      const name = path.findLast((part) => !/^\d+$/.test(part)) ?? "";
      const place = path.join(".");
      if (key !== undefined) keys.add(key);
      else if (SHOWN.test(name) && !NAMES.test(place)) {
        faults.push(`package.json: ${place} is "${value}" instead of a key such as %key%.`);
      }
    } else if (typeof value === "object" && value !== null) {
      for (const [name, part] of Object.entries(value)) visit(part, [...path, name]);
    }
  };
  visit(manifest, []);
  for (const key of keys) if (texts[key] === undefined) faults.push(`package.nls.json: the text ${key} is missing.`);
  for (const key of Object.keys(texts)) if (!keys.has(key)) faults.push(`package.nls.json: nothing uses ${key}.`);
  return faults;
}
