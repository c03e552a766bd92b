import { type CodeStyle, memberName, quoted } from "../code-style.ts";
import type { BodyType } from "./body-type.ts";

/**
 * A value of a type as JavaScript writes it, made up: what was sampled may be about people, and belongs into no test. It has what
 * is required and nothing more.
 */
export function printExample(type: BodyType, style: CodeStyle, indent = "", before = 0, name = ""): string {
  const line = inline(type, style, name);
  if (indent.length + before + line.length <= style.width) return line;
  const inner = indent + style.indent;
  const lines = (open: string, parts: readonly string[], close: string): string =>
    `${open}\n${parts.map((part) => inner + part).join(",\n")}${style.hasTrailingCommas ? "," : ""}\n${indent}${close}`;
  if (type.kind === "object")
    return lines(
      "{",
      required(type).map((member) => {
        const start = `${exampleKey(member.name, style)}: `;
        return start + printExample(member.type, style, inner, start.length + 1, member.name);
      }),
      "}",
    );
  return type.kind === "array" ? lines("[", [printExample(type.element, style, inner, 1, name)], "]") : line;
}

function inline(type: BodyType, style: CodeStyle, name: string): string {
  switch (type.kind) {
    case "string":
      return quoted(textOf(type.format, name), style);
    case "literals":
      return quoted(type.values[0] ?? "", style);
    case "number":
      return "1";
    case "boolean":
      return "true";
    case "array":
      return type.element.kind === "unknown" ? "[]" : `[${inline(type.element, style, name)}]`;
    case "record":
      return "{}";
    case "object": {
      const members = required(type).map(
        (member) => `${exampleKey(member.name, style)}: ${inline(member.type, style, member.name)}`,
      );
      return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
    }
    case "union":
      return inline(type.of[0] ?? { kind: "null" }, style, name);
    case "bytes":
      return "Uint8Array.of(1)";
    default:
      return "null";
  }
}

const required = ({ members }: Extract<BodyType, { kind: "object" }>) =>
  members.filter(({ isOptional }) => !isOptional);

/** A member named __proto__ would set the prototype, unless its name is computed. */
const exampleKey = (name: string, style: CodeStyle): string =>
  name === "__proto__" ? `[${quoted(name, style)}]` : memberName(name, style);

function textOf(format: "date" | "date and time" | undefined, name: string): string {
  if (format === "date") return "2027-01-31";
  if (format === "date and time") return "2027-01-31T12:00:00Z";
  return name === "" || /id$/i.test(name) ? "17" : name;
}
