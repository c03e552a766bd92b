import type { QueryPlace } from "./query-place.ts";

/** Words for errors that are not just a token out of place; any other message is told by that token. */
const BY_MESSAGE: readonly (readonly [RegExp, string])[] = [
  [/^return not in a function/, "Illegal return statement"],
  [/^break must be inside/, "Illegal break statement"],
  [/^continue must be inside/, "Illegal continue statement"],
  [/^missing initializer for const/, "Missing initializer in const declaration"],
  [/^stack overflow/, "The query nests too deeply."],
  [
    /^unexpected end of (?:string|comment|regexp)|^invalid number literal|^malformed escape/,
    "Unexpected token ILLEGAL",
  ],
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
  const known = BY_MESSAGE.find(([pattern]) => pattern.test(message))?.[1];
  // QuickJS may point at the gap before the token.
  const [gap = ""] = /^\s*/.exec(after) ?? [];
  return `Line ${line + gap.split("\n").length - 1}: ${known ?? describeToken(after.slice(gap.length))}`;
}

function describeToken(text: string): string {
  for (const [pattern, describe] of BY_TOKEN) {
    const [token] = pattern.exec(text) ?? [];
    if (token !== undefined) return describe(token);
  }
  return "Unexpected token ILLEGAL";
}
