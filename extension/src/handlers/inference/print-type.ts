import { type CodeStyle, memberName, quoted } from "../code-style.ts";
import type { BodyType, Member } from "./body-type.ts";

/**
 * A type as TypeScript writes it: in one line where it fits and has nothing to tell, else a member to a line. Lines after the first
 * are indented from `indent` on; they end in `\n`.
 * @param before characters that stand before it in its line.
 * @param hasComments whether it tells what is to be told; where it is part of a comment itself, it cannot.
 */
export function printType(type: BodyType, style: CodeStyle, indent = "", before = 0, hasComments = true): string {
  const line = inline(type, style);
  if (!(hasComments && notesOf(type).length > 0) && indent.length + before + line.length <= style.width) return line;
  switch (type.kind) {
    case "object":
      return type.members.length === 0
        ? line
        : `{\n${printMembers(type.members, style, indent + style.indent, hasComments)}${indent}}`;
    case "array":
      return type.element.kind === "object"
        ? `${printType(type.element, style, indent, before, hasComments)}[]`
        : wrapped("Array", type.element, style, indent, hasComments);
    case "record":
      return `Record<string, ${printType(type.value, style, indent, before + "Record<string, ".length, hasComments)}>`;
    case "union":
    case "literals": {
      const parts =
        type.kind === "union"
          ? type.of.map((one) => printType(one, style, indent + style.indent, 2, hasComments))
          : type.values.map((value) => quoted(value, style));
      return parts.map((part) => `\n${indent}${style.indent}| ${part}`).join("");
    }
    default:
      return line;
  }
}

/** Members as they stand in an interface or a type, a line each, with what is to be told of them. */
export function printMembers(members: readonly Member[], style: CodeStyle, indent: string, hasComments = true): string {
  return members
    .map((member) => {
      const start = `${memberName(member.name, style)}${member.isOptional ? "?" : ""}:`;
      const type = printType(member.type, style, indent, start.length + 2, hasComments);
      const notes = ownNotes(member.type);
      const comment = notes.length === 0 || !hasComments ? "" : `${indent}/** ${notes.join(" ")} */\n`;
      return `${comment}${indent}${start}${type.startsWith("\n") ? "" : " "}${type}${style.hasSemicolons ? ";" : ""}\n`;
    })
    .join("");
}

const wrapped = (name: string, type: BodyType, style: CodeStyle, indent: string, hasComments: boolean): string =>
  `${name}<${printType(type, style, indent, name.length + 1, hasComments)}>`;

function inline(type: BodyType, style: CodeStyle): string {
  switch (type.kind) {
    case "literals":
      return type.values.map((value) => quoted(value, style)).join(" | ");
    case "array": {
      const element = inline(type.element, style);
      const isCompound = type.element.kind === "union" || type.element.kind === "literals";
      return isCompound ? `(${element})[]` : `${element}[]`;
    }
    case "record":
      return `Record<string, ${inline(type.value, style)}>`;
    case "object": {
      const members = type.members.map(
        ({ name, type, isOptional }) => `${memberName(name, style)}${isOptional ? "?" : ""}: ${inline(type, style)}`,
      );
      return members.length === 0 ? "Record<string, never>" : `{ ${members.join("; ")} }`;
    }
    case "union":
      return type.of.map((one) => inline(one, style)).join(" | ");
    case "bytes":
      return "Uint8Array";
    default:
      return type.kind;
  }
}

/** What is to be told of the members of a type, each with the path to it, such as `lines[].price`. */
export function notesOf(
  type: BodyType,
  path = "",
): readonly { readonly path: string; readonly notes: readonly string[] }[] {
  switch (type.kind) {
    case "object":
      return type.members.flatMap((member) => {
        const at = path === "" ? member.name : `${path}.${member.name}`;
        const notes = ownNotes(member.type);
        return [...(notes.length === 0 ? [] : [{ path: at, notes }]), ...notesOf(member.type, at)];
      });
    case "array":
      return notesOf(type.element, `${path}[]`);
    case "record":
      return notesOf(type.value, `${path}[]`);
    case "union":
      return type.of.flatMap((one) => notesOf(one, path));
    default:
      return [];
  }
}

/** What a comment says of a type, apart from members, which have comments of their own. */
function ownNotes(type: BodyType): readonly string[] {
  switch (type.kind) {
    case "string":
      return type.format === undefined ? [] : [`A ${type.format} in ISO 8601.`];
    case "number":
      return type.isInexact ? ["Seen beyond 2^53, where a number loses digits: let it be sent as a string."] : [];
    case "array":
      return ownNotes(type.element);
    case "record":
      return ownNotes(type.value);
    case "union":
      return type.of.flatMap(ownNotes);
    default:
      return [];
  }
}
