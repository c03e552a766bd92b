import { tokensOf } from "../../events/json/tokens.ts";
import { keyName } from "../../events/json/key-name.ts";
import { formatPath } from "../../events/json/path.ts";

/** Bodies may be megabytes: so many values are told, and so much of each. */
const MOST_FIELDS = 60;
const MOST_CHARACTERS = 200;

/** Each value in a JSON text by its path, as it was written, so that no number loses a digit; empty lists and objects, too. */
export function fieldsOf(json: string): [path: string, value: string][] {
  const fields: [string, string][] = [];
  const open: { readonly isList: boolean; step: string | number; isEmpty: boolean }[] = [];
  const path = (): string => formatPath(open.map(({ step }) => step));
  const tell = (text: string): void => {
    const inner = open.at(-1);
    if (inner !== undefined) inner.isEmpty = false;
    fields.push([open.length === 0 ? "$" : path(), shortened(text)]);
  };
  for (const { kind, text } of tokensOf(json)) {
    if (fields.length >= MOST_FIELDS) break;
    const inner = open.at(-1);
    if (kind === "key" && inner !== undefined) {
      inner.step = keyName(text) ?? text;
      inner.isEmpty = false;
    } else if (kind !== "punctuation") {
      tell(text);
    } else if (text === "{" || text === "[") {
      if (inner !== undefined) inner.isEmpty = false;
      open.push({ isList: text === "[", step: text === "[" ? 0 : "", isEmpty: true });
    } else if (text === "}" || text === "]") {
      const closed = open.pop();
      if (closed?.isEmpty === true) fields.push([open.length === 0 ? "$" : path(), closed.isList ? "[]" : "{}"]);
    } else if (text === "," && inner?.isList === true && typeof inner.step === "number") {
      inner.step++;
    }
  }
  return fields;
}

function shortened(text: string): string {
  return text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS)}…`;
}
