import { type Node, parseSync, type TemplateLiteral, visitorKeys } from "oxc-parser";
import { bareMarkup } from "./bare-markup.ts";

/** A text in the sources that users see, or that reads as if they did, and that no translation can reach. */
export interface BareText {
  /** From 1. */
  readonly line: number;
  readonly text: string;
}

/**
 * What becomes of a literal: `shown` to users, whatever it says; `code` and nobody's business, unless it reads as a
 * sentence, since one that is handed on may be shown elsewhere.
 */
type Use = "shown" | "code";

/** Members of objects, and of VS Code's own things, whose values are shown. */
const SHOWN_MEMBERS =
  /^(?:label|description|detail|title|placeholder|placeHolder|prompt|tooltip|openLabel|saveLabel|text|message|sentence)$/;
const SHOWING_CALLS =
  /^(?:show(?:Error|Warning|Information)Message|setStatusBarMessage|createTerminal|createOutputChannel)$/;
const LOG_CALLS = /^(?:trace|debug|info|warn|error)$/;
/** What an error of these says, a programmer has done wrong. */
const ERRORS_OF_PROGRAMMERS = /^(?:Range|Type)Error$/;
/** Two words in a row, the beginning of a sentence, or its end. */
const PROSE = /\p{L}{2,}[,;:]? \p{L}|^\p{Lu}\p{Ll}+[.…?! ]|\p{L}…$/u;
/** The same in every language: the product's name, an address, an icon by its name, a declaration of CSS with a function. */
const IN_NO_LANGUAGE = /^Sluice$|^[\w+.-]+:\/\/\S+$|^\$\([\w~-]+\)$|^[a-z-]+: [a-z]+[A-Za-z]*\(/;
/** Stands for a value in a template that is looked at as a whole. */
const VALUE = "{}";

/** All of them in one source, from its beginning to its end. */
export function bareTexts(file: string, source: string): readonly BareText[] {
  const { program, errors } = parseSync(file, source);
  if (errors.length > 0) throw new Error(`${file}: ${errors.map(({ message }) => message).join(" ")}`);
  const found: BareText[] = [];

  const report = (at: number, text: string): void => {
    found.push({ line: source.slice(0, at).split("\n").length, text });
  };
  const literal = (at: number, text: string, use: Use): void => {
    const own = text.trim();
    const isText = use === "shown" ? /\p{L}/u.test(own) : PROSE.test(own);
    if (isText && !IN_NO_LANGUAGE.test(own)) report(at, own);
  };

  const walk = (node: Node, use: Use): void => {
    switch (node.type) {
      case "ImportDeclaration":
      case "ExportAllDeclaration":
        return;
      case "Literal":
        if (typeof node.value === "string") literal(node.start, node.value, use);
        return;
      case "TemplateLiteral":
        template(node, use);
        return;
      case "TaggedTemplateExpression":
        template(node.quasi, "code", nameOf(node.tag) === "html");
        return;
      case "CallExpression":
        call(node.callee, node.arguments);
        return;
      case "NewExpression": {
        const name = nameOf(node.callee);
        const isShown = name === "TreeItem" || (name.endsWith("Error") && !ERRORS_OF_PROGRAMMERS.test(name));
        if (ERRORS_OF_PROGRAMMERS.test(name)) return;
        for (const one of node.arguments) walk(one, isShown ? "shown" : "code");
        return;
      }
      case "Property":
        walk(node.value, SHOWN_MEMBERS.test(nameOf(node.key)) ? "shown" : "code");
        return;
      case "AssignmentExpression":
        walk(node.left, "code");
        walk(node.right, SHOWN_MEMBERS.test(nameOf(node.left)) ? "shown" : "code");
        return;
      case "BinaryExpression":
        // What is compared is not shown.
        for (const side of [node.left, node.right]) {
          if (node.operator === "+" || side.type !== "Literal") walk(side, node.operator === "+" ? use : "code");
        }
        return;
      case "SwitchCase":
        for (const part of node.consequent) walk(part, "code");
        return;
      case "ConditionalExpression":
        walk(node.test, "code");
        walk(node.consequent, use);
        walk(node.alternate, use);
        return;
      case "LogicalExpression":
      case "ArrayExpression":
      case "SpreadElement":
      case "ParenthesizedExpression":
      case "TSAsExpression":
      case "TSSatisfiesExpression":
        for (const part of children(node)) walk(part, use);
        return;
      default:
        // Types say nothing to anybody.
        if (!node.type.startsWith("TS")) for (const part of children(node)) walk(part, "code");
    }
  };

  const call = (callee: Node, given: readonly Node[]): void => {
    const name = nameOf(callee);
    const on = callee.type === "MemberExpression" ? nameOf(callee.object) : "";
    if (on === "l10n" && name === "t") {
      for (const one of given.slice(1)) walk(one, "shown");
    } else if (!(LOG_CALLS.test(name) && on === "log") && name !== "sendText") {
      walk(callee, "code");
      const isShown = SHOWING_CALLS.test(name) || callee.type === "Super";
      for (const one of given) walk(one, isShown ? "shown" : "code");
    }
  };

  const template = ({ start, quasis, expressions }: TemplateLiteral, use: Use, isTagged = false): void => {
    const pieces = quasis.map(({ value }) => value.cooked ?? "");
    const isMarkup = isTagged || pieces[0]?.trimStart().startsWith("<") === true;
    const markup = isMarkup ? bareMarkup(pieces) : undefined;
    if (markup === undefined) literal(start, pieces.join(VALUE), use);
    for (const text of markup?.texts ?? []) report(start, text);
    expressions.forEach((part, index) => {
      walk(part, markup?.shown.has(index) === true ? "shown" : use);
    });
  };

  walk(program, "code");
  return found;
}

function children(node: Node): readonly Node[] {
  const parts = node as unknown as Readonly<Record<string, Node | readonly (Node | null)[] | null>>;
  return (visitorKeys[node.type] ?? []).flatMap((key) => parts[key] ?? []).filter((part) => part !== null);
}

/** The last name in a reference: `showErrorMessage` of `window.showErrorMessage`; empty for anything else. */
function nameOf(node: Node): string {
  if (node.type === "Identifier" || node.type === "PrivateIdentifier") return node.name;
  if (node.type === "Literal") return String(node.value);
  return node.type === "MemberExpression" ? nameOf(node.property) : "";
}
