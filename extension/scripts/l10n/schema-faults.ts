/** The members of a JSON schema that VS Code shows while a file is edited. */
const SHOWN = /^(?:title|label|description|patternErrorMessage|enumDescriptions)$/;

/** A translated schema takes what the original takes, and says everything in other words. */
export function schemaFaults(original: unknown, translation: unknown): string[] {
  const [words, others] = [textsOf(original), textsOf(translation)];
  return [
    ...(shapeOf(original) === shapeOf(translation) ? [] : ["takes something else than the original"]),
    ...words.filter((text) => others.includes(text)).map((text) => `does not translate "${text}"`),
  ];
}

function shapeOf(schema: unknown): string {
  return JSON.stringify(schema, (name, value: unknown) => (SHOWN.test(name) && isText(value) ? "" : value));
}

function textsOf(schema: unknown): readonly string[] {
  const texts: string[] = [];
  JSON.stringify(schema, (name, value: unknown) => {
    if (SHOWN.test(name) && isText(value)) texts.push(...[value].flat());
    return value;
  });
  return texts;
}

function isText(value: unknown): value is string | readonly string[] {
  return typeof value === "string" || (Array.isArray(value) && value.every((one) => typeof one === "string"));
}
