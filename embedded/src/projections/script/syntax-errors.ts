import type { QueryPlace } from "./query-place.ts";

/** Where an error lies that QuickJS finds at a token: there, right before it, or at the end of the query. */
type Whereabouts = "there" | "before" | "end";

/**
 * Words for errors that are not just a token out of place, and where they lie; any other message is told by that token. They are
 * those of Esprima, of which the server's parser is a port.
 */
const BY_MESSAGE: readonly (readonly [RegExp, string, Whereabouts?])[] = [
  [/^return not in a function/, "Illegal return statement"],
  [/^break must be inside/, "Illegal break statement"],
  [/^continue must be inside/, "Illegal continue statement"],
  [/^missing initializer for const/, "Missing initializer in const declaration"],
  [/^stack overflow/, "The query nests too deeply."],
  [/^invalid (?:assignment left-hand side|increment)/, "Invalid left-hand side in assignment", "before"],
  [/^invalid for in\/of left hand-side/, "Invalid left-hand side in for-loop", "before"],
  [/^expecting catch or finally/, "Missing catch or finally after try", "before"],
  [/^unexpected (?:end of|line terminator in) regexp/, "Invalid regular expression: missing /", "before"],
  [/^break\/continue label not found/, "Undefined label '$'"],
  [/^duplicate default/, "More than one default clause in switch statement"],
  [/^property constructor appears more than once/, "A class may only have one constructor"],
  [/^duplicate __proto__/, "Duplicate __proto__ fields are not allowed in object literals"],
  [/^'let' is not a valid lexical identifier/, "let is disallowed as a lexically bound name"],
  [/^line terminator not allowed after throw/, "Illegal newline after throw", "before"],
  [/^invalid keyword: with/, "Strict mode code may not include a with statement"],
  [/^octal literals are deprecated/, "Octal literals are not allowed in strict mode."],
  [/^cannot delete a direct reference/, "Delete of an unqualified identifier in strict mode."],
  [/^invalid lvalue in strict mode/, "Assignment to eval or arguments is not allowed in strict mode"],
  [/^unexpected end of comment/, "Unexpected token ILLEGAL", "end"],
  [/^unexpected end of string|^invalid number literal|^malformed escape/, "Unexpected token ILLEGAL"],
];

/** What the token is at which the parser gave up. */
const BY_TOKEN: readonly (readonly [RegExp, (token: string) => string])[] = [
  [/^$/, () => "Unexpected end of input"],
  [/^(?:\d|\.\d)[\w.]*/, () => "Unexpected number"],
  [/^["']/, () => "Unexpected string"],
  [/^`/, () => "Unexpected template string"],
  [
    /^(?:await|break|case|catch|class|const|continue|debugger|default|delete|do|else|enum|export|extends|false|finally|for|function|if|import|in|instanceof|new|null|return|super|switch|this|throw|true|try|typeof|var|void|while|with)\b/,
    (word) => `Unexpected token ${word}`,
  ],
  [/^[\p{L}_$#][\p{L}\p{N}_$]*/u, () => "Unexpected identifier"],
  [
    /^(?:=>|\.\.\.|[=!]==?|&&=?|\|\|=?|\?\?=?|\?\.|\*\*=?|\+\+|--|<<=?|>>>?=?|[-+*/%&|^<>]=)/,
    (token) => `Unexpected token ${token}`,
  ],
  [/^[{}()[\];,<>+\-*/%&|^!~?:=.]/, (token) => `Unexpected token ${token}`],
  [/^[^]/, () => "Unexpected token ILLEGAL"],
];

/** A syntax error in the words of the server's parser, such as "Line 2: Unexpected identifier". */
export function syntaxFault(message: string, { line, before, after }: QueryPlace): string {
  const redefined = message.startsWith("invalid redefinition") && /([\p{L}\p{N}_$]+)\s*$/u.exec(before)?.[1];
  if (redefined) return `Line ${line}: Identifier '${redefined}' has already been declared`;
  const [, known, given] = BY_MESSAGE.find(([pattern]) => pattern.test(message)) ?? [];
  // QuickJS may point at the gap before the token.
  const token = after.trimStart();
  // A template is read to the end of the query.
  const where = message.startsWith("unexpected end of string") && token.startsWith("`") ? "end" : given;
  const upTo = { there: after.slice(0, after.length - token.length), before: "", end: after }[where ?? "there"];
  const gap = where === "before" ? (/\s*$/.exec(before)?.[0] ?? "") : "";
  const words = known?.replace("$", () => /^[\p{L}_$][\p{L}\p{N}_$]*/u.exec(token)?.[0] ?? "") ?? describeToken(token);
  return `Line ${line - lineBreaks(gap) + lineBreaks(upTo)}: ${words}`;
}

function lineBreaks(text: string): number {
  return text.split("\n").length - 1;
}

function describeToken(text: string): string {
  for (const [pattern, describe] of BY_TOKEN) {
    const [token] = pattern.exec(text) ?? [];
    if (token !== undefined) return describe(token);
  }
  return "Unexpected token ILLEGAL";
}
