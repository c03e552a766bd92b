import type { RecordedEvent } from "../event-store/event-store.ts";
import { contentOf, textOf } from "./content.ts";
import { inStretches } from "./in-stretches.ts";
import { joined, type JsonLine, jsonLines, spaced } from "./json/format.ts";
import { isJsonText } from "./json/is-json.ts";
import type { Token } from "./json/tokens.ts";

/**
 * The event as a TypeScript object literal for a test. Whole numbers that a JS number cannot hold are written as bigint
 * literals (`9007199254740993n`), all others as they stand; bytes that are no JSON become a `Uint8Array`.
 */
export async function fixtureOf(event: RecordedEvent): Promise<string> {
  return [
    "{",
    `  type: ${JSON.stringify(event.type)},`,
    `  id: ${JSON.stringify(event.id)},`,
    `  data: ${await literalOf(event.data, event.isJson)},`,
    `  metadata: ${await literalOf(event.metadata, true)},`,
    "}",
  ].join("\n");
}

async function literalOf(bytes: Uint8Array, isJson: boolean): Promise<string> {
  if (bytes.length === 0) {
    return "undefined";
  }
  const text = textOf(bytes);
  if (text === undefined || contentOf(bytes, isJson) !== "json" || !isJsonText(text)) {
    return `Uint8Array.from([${bytes.join(", ")}])`;
  }
  return inStretches(joined(jsonLines(text), literalLine, "\n  "));
}

function literalLine({ depth, tokens }: JsonLine): string {
  return "  ".repeat(depth) + tokens.map(literalToken).join("");
}

function literalToken(token: Token): string {
  switch (token.kind) {
    case "number":
      return /^-?\d+$/.test(token.text) && !Number.isSafeInteger(Number(token.text)) ? `${token.text}n` : token.text;
    case "key": {
      const name: unknown = JSON.parse(token.text);
      // A member named __proto__ would set the prototype instead, unless its name is computed.
      return name === "__proto__"
        ? `["__proto__"]`
        : /^[A-Za-z_$][\w$]*$/.test(String(name))
          ? String(name)
          : token.text;
    }
    default:
      return spaced(token);
  }
}
