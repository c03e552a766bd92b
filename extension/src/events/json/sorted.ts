import { inStretches } from "../in-stretches.ts";
import { type Token, tokensOf } from "./tokens.ts";

/** The JSON text with the members of each object in the order of their names; values keep every character. */
export function sortedJson(text: string): Promise<string> {
  const tokens = tokensOf(text);
  return inStretches(sortedValue(tokens.next().value ?? undefined, tokens));
}

function* sortedValue(first: Token | undefined, rest: Generator<Token>): Generator<void, string> {
  yield;
  if (first?.kind !== "punctuation" || (first.text !== "{" && first.text !== "[")) {
    return first?.text ?? "";
  }
  const close = first.text === "{" ? "}" : "]";
  const members: string[] = [];
  let member = "";
  for (let token = next(rest); token !== undefined && token.text !== close; token = next(rest)) {
    if (token.kind === "punctuation" && token.text === ",") {
      members.push(member);
      member = "";
    } else {
      member += yield* sortedValue(token, rest);
    }
  }
  if (member !== "") {
    members.push(member);
  }
  return first.text + (close === "}" ? members.sort() : members).join(",") + close;
}

function next(tokens: Generator<Token>): Token | undefined {
  const { value, done } = tokens.next();
  return done === true ? undefined : value;
}
