import type { l10nJsonFormat } from "@vscode/l10n-dev";

type Text = l10nJsonFormat[string];

/** A translation says all that the original says, with the same places for values, and nothing else. */
export function translationFaults(original: l10nJsonFormat, translation: l10nJsonFormat): string[] {
  const keys = Object.keys(original);
  return [
    ...keys.filter((key) => translation[key] === undefined).map((key) => `lacks "${key}"`),
    ...Object.keys(translation)
      .filter((key) => original[key] === undefined)
      .map((key) => `has "${key}", which is not used`),
    ...keys
      .filter((key) => translation[key] !== undefined && places(translation[key]) !== places(original[key]))
      .map((key) => `has other places for values in "${key}"`),
  ];
}

/** `{0}` for values, and the commands that links lead to. */
function places(text: Text | undefined): string {
  const message = typeof text === "string" ? text : (text?.message ?? "");
  return [...new Set(message.match(/\{\w+\}|\(command:[^)]*\)/g))].sort().join(" ");
}
